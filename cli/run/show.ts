import type { Command } from 'commander';
import type { Client } from '../../client/index.ts';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import { operate } from '../command/operate.ts';
import { type OperatorOptions, parseId, withOperatorOptions } from '../command/operator-options.ts';
import { printJson, printPairs, shortTime } from '../terminal/print.ts';

type Run = Awaited<ReturnType<Client['readFlowRun']>>;

/** Adds `dibs run show`. */
export function registerRunShow(program: Command): void {
  const command = commandGroup(program, 'run', GROUPS.run)
    .command('show')
    .description('show one run: its state, its holder, its times and its parameters')
    .argument('<id>', 'the run', parseId)
    .action(show);
  withOperatorOptions(command);
}

async function show(id: string, { url, json }: OperatorOptions): Promise<void> {
  await operate(url, async (client) => {
    const run = await client.readFlowRun({ id });
    if (json) return printJson(run);
    // The flow may have been deleted since. Then its id is shown instead of its name.
    const flow = await client.readFlow({ id: run.flow_id }).catch(() => undefined);
    printPairs([
      ['Run', `${run.name} (${run.id})`],
      ['State', told(run)],
      ['Flow', flow?.name ?? run.flow_id],
      ['Deployment', run.deployment_id ?? ''],
      ['Queue', run.work_pool_name === null ? '' : `${run.work_pool_name}/${run.work_queue_name}`],
      ['Attempts', String(run.attempt)],
      ['Held by', holder(run)],
      ['Expected', shortTime(run.expected_start_time)],
      ['Started', shortTime(run.start_time)],
      ['Ended', shortTime(run.end_time)],
      ['Ran for', run.total_run_time > 0 ? `${run.total_run_time.toFixed(1)} s` : ''],
      ['Parameters', JSON.stringify(run.parameters)],
      ['Tags', run.tags.join(', ')],
    ]);
  });
}

function told({ state_name: name, state }: Run): string {
  const since = state ? ` since ${shortTime(state.timestamp)}` : '';
  return `${name}${since}${state?.message ? `: ${state.message}` : ''}`;
}

function holder({ claimed_by: by }: Run): string {
  return by === null ? 'nobody' : `${by.worker_name ?? 'a worker'} (session ${by.session_id})`;
}
