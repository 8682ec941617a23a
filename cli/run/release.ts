import type { Command } from 'commander';
import { isScheduled } from '../../model/runs/state.ts';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import { operate } from '../command/operate.ts';
import { operatorName } from '../command/operator-name.ts';
import { type ByOptions, parseId, withBy } from '../command/operator-options.ts';
import { printJson, printLine } from '../terminal/print.ts';

interface ReleaseOptions extends ByOptions {
  readonly note?: string;
}

/** Adds `dibs run release`. */
export function registerRunRelease(program: Command): void {
  const command = commandGroup(program, 'run', GROUPS.run)
    .command('release')
    .description('take a run from its holder and put it back into its queue')
    .argument('<id>', 'the run', parseId)
    .option('--note <text>', 'the reason, kept in the history of the run')
    .addHelpText(
      'after',
      '\nFor an agent that is stuck, or on a machine that you cannot reach. The agent can no' +
        '\nlonger change the run, and stops executing it after its next heartbeat.',
    )
    .action(release);
  withBy(command);
}

async function release(id: string, { url, json, by, note }: ReleaseOptions): Promise<void> {
  await operate(url, async (client) => {
    const run = await client.releaseFlowRun({
      id,
      body: { by: by ?? operatorName(), ...(note === undefined ? {} : { note }) },
    });
    if (json) return printJson(run);
    const queue = `${run.work_pool_name}/${run.work_queue_name}`;
    const now = isScheduled(run.state_type) ? `it waits in ${queue}` : `it is ${run.state_name}`;
    printLine(`Released ${run.name} (${run.id}): ${now}.`);
  });
}
