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
    .description('stop an agent or worker from claiming more runs; it finishes those that it holds')
    .argument(
      '<agent>',
      'its name, its session id, or at least the first 8 characters of its session id',
      parseName,
    )
    .requiredOption('-p, --pool <name>', 'the work pool', parseName)
    .option('--undo', 'let it claim runs again')
    .addHelpText(
      'after',
      '\nDraining lasts as long as the session: an agent that is restarted claims runs again.',
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
    if (undo) return printLine(`${who} may claim runs again.`);
    const holds = worker.holds.length;
    const rest =
      holds > 0 ? `it finishes the ${countOf(holds, 'run')} that it holds` : 'it holds no runs';
    printLine(`${who} claims no more runs; ${rest}.`);
  });
}
