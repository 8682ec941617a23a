import type { Command } from 'commander';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import { operate } from '../command/operate.ts';
import { operatorName } from '../command/operator-name.ts';
import { type ByOptions, parseName, withBy } from '../command/operator-options.ts';
import { countOf, printJson, printLine } from '../terminal/print.ts';
import { findAgent } from './find-agent.ts';

interface DrainOptions extends ByOptions {
  readonly pool: string;
  readonly undo?: true;
}

/** Adds `dibs agent drain`. */
export function registerAgentDrain(program: Command): void {
  const command = commandGroup(program, 'agent', GROUPS.agent)
    .command('drain')
    .description('let an agent or worker claim nothing more; what it holds, it finishes')
    .argument('<agent>', 'its name, its session id, or the first 8 characters of that', parseName)
    .requiredOption('-p, --pool <name>', 'the work pool', parseName)
    .option('--undo', 'let it claim again')
    .addHelpText(
      'after',
      '\nIt lasts as long as the session: an agent that is started anew claims again.',
    )
    .action(drain);
  withBy(command);
}

async function drain(agent: string, { url, json, pool, undo, by }: DrainOptions): Promise<void> {
  await operate(url, async (client) => {
    const worker = await client.drainAgent({
      name: pool,
      session_id: await findAgent(client, pool, agent),
      body: { by: by ?? operatorName(), drain: !undo },
    });
    if (json) return printJson(worker);
    const who = `${worker.name} (${worker.id})`;
    if (undo) return printLine(`${who} may claim again.`);
    const holds = worker.holds.length;
    const rest =
      holds > 0 ? `it finishes the ${countOf(holds, 'run')} it holds` : 'it holds nothing';
    printLine(`${who} claims nothing more; ${rest}.`);
  });
}
