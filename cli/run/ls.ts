import { type Command, Option } from 'commander';
import type { Client } from '../../client/index.ts';
import type { StateType } from '../../model/runs/state.ts';
import { allPages } from '../command/all-pages.ts';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import { operate } from '../command/operate.ts';
import {
  type OperatorOptions,
  parseName,
  withOperatorOptions,
} from '../command/operator-options.ts';
import { parseCount, parseIdOrName } from '../terminal/parse.ts';
import { printJson, printLine, printTable, shortTime } from '../terminal/print.ts';
import { parseSince } from '../terminal/since.ts';
import { parseState } from './bulk-options.ts';

interface LsOptions extends OperatorOptions {
  readonly pool?: string;
  readonly queue?: string;
  readonly state?: StateType[];
  readonly deployment?: ReturnType<typeof parseIdOrName>;
  readonly since?: string;
  readonly limit: number;
}

type Run = Awaited<ReturnType<Client['filterFlowRuns']>>[number];

/** Adds `dibs run ls`. */
export function registerRunLs(program: Command): void {
  const command = commandGroup(program, 'run', GROUPS.run)
    .command('ls')
    .description('list runs, sorted by expected start, the latest first')
    .option('-p, --pool <name>', 'only runs in this work pool', parseName)
    .option('-q, --queue <name>', 'only runs in this queue of the pool', parseName)
    .addOption(
      new Option('--state <types...>', 'only runs in one of these states').argParser(parseState),
    )
    .option('--deployment <id>', 'only runs of this deployment: its id or FLOW/NAME', parseIdOrName)
    .option(
      '--since <time>',
      'only runs expected to start since then: 30m, 1h, 2d ago, or a time',
      (text) => parseSince(text),
    )
    .option('-l, --limit <n>', 'the most runs to list', parseCount, 20)
    .action(ls);
  withOperatorOptions(command);
}

async function ls(options: LsOptions, command: Command): Promise<void> {
  const { url, json, limit, queue, pool } = options;
  if (queue !== undefined && pool === undefined) {
    command.error('error: --queue needs --pool, because queue names are unique only within a pool');
  }
  await operate(url, async (client) => {
    const which = await chosen(client, options);
    const sort = 'EXPECTED_START_TIME_DESC';
    // Reads one run more than is shown, to learn whether there are more.
    const found = await allPages(
      (page) => client.filterFlowRuns({ body: { ...which, ...page, sort } }),
      limit + 1,
    );
    const runs = found.slice(0, limit);
    if (json) return printJson(runs);
    if (runs.length === 0) return printLine('No runs match.');
    printTable(['ID', 'NAME', 'STATE', 'QUEUE', 'EXPECTED', 'STARTED', 'ENDED'], runs.map(row));
    if (found.length > limit) printLine(`More runs match; these are the first ${limit} (--limit).`);
  });
}

/**
 * The chosen runs as a filter of the API.
 * @throws UserError if the pool, the queue or the deployment does not exist: the filter alone would
 * choose nothing, which would look as if there were no runs
 */
async function chosen(client: Client, { pool, queue, state, deployment, since }: LsOptions) {
  if (pool !== undefined) await client.readWorkPool({ name: pool });
  const held =
    pool !== undefined && queue !== undefined
      ? await client.readWorkQueue({ name: pool, queue })
      : undefined;
  const { findDeployment } = await import('../deployment/find-deployment.ts');
  const of =
    typeof deployment === 'string'
      ? await client.readDeployment({ id: deployment })
      : deployment && (await findDeployment(client, deployment));
  return {
    flow_runs: {
      ...(state ? { state: { type: { any_: state } } } : {}),
      ...(since ? { expected_start_time: { after_: since } } : {}),
      ...(of ? { deployment_id: { any_: [of.id] } } : {}),
    },
    ...(pool === undefined ? {} : { work_pools: { name: { any_: [pool] } } }),
    ...(held ? { work_pool_queues: { id: { any_: [held.id] } } } : {}),
  };
}

const row = (run: Run): string[] => [
  run.id,
  run.name,
  run.state_name,
  run.work_pool_name === null ? '' : `${run.work_pool_name}/${run.work_queue_name ?? ''}`,
  shortTime(run.expected_start_time),
  shortTime(run.start_time),
  shortTime(run.end_time),
];
