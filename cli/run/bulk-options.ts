import { type Command, InvalidArgumentError, Option } from 'commander';
import { STATE_TYPES, type StateType } from '../../model/runs/state.ts';
import {
  type ByOptions,
  parseId,
  parseIds,
  parseName,
  withBy,
} from '../command/operator-options.ts';
import { parseSince } from '../terminal/since.ts';

/** Which runs, and who does what to them. */
export interface BulkOptions extends ByOptions {
  readonly state?: StateType[];
  readonly since?: string;
  readonly pool?: string;
  readonly deployment?: string;
  readonly all?: true;
  readonly note?: string;
  readonly dryRun?: true;
}

/** Adds what a command on many runs takes. `all`: which runs it is for if nothing else is said. */
export function withBulkOptions(
  command: Command,
  { all, since }: { readonly all: string; readonly since: boolean },
): Command {
  command
    .argument('[ids...]', 'these runs', parseIds)
    .addOption(new Option('--state <types...>', 'in one of these states').argParser(parseState));
  const endedSince = new Option('--since <time>', 'that ended since: 30m, 1h, 2d ago, or a time');
  command.addOption(
    since
      ? endedSince.argParser((text) => parseSince(text))
      : endedSince.argParser(refuseSince).hideHelp(),
  );
  command
    .option('-p, --pool <name>', 'of this work pool', parseName)
    .option('--deployment <id>', 'of this deployment', parseId)
    .addOption(new Option('--all', all).conflicts(['state', 'since', 'pool', 'deployment']))
    .option('--dry-run', 'only say which runs it would be')
    .option('--note <text>', 'why: it stands in the history of each run');
  return withBy(command);
}

const FILTERS = ['--state', '--since', '--pool', '--deployment'];

/** Which runs, for the API. What nobody restricted is a usage error: not every run by accident. */
export function chosenRuns(ids: readonly string[], options: BulkOptions, command: Command) {
  const { state, since, pool, deployment, all } = options;
  const chosen = [state, since, pool, deployment].some((option) => option !== undefined);
  if (all && ids.length > 0) command.error('error: give either ids or --all');
  if (!all && !chosen && ids.length === 0) {
    const filters = command.options.flatMap(({ long, hidden }) =>
      FILTERS.includes(long ?? '') && !hidden ? [long] : [],
    );
    command.error(`error: say which runs: by ids, ${filters.join(', ')}, or --all`);
  }
  return {
    flow_runs: {
      ...(state ? { state: { type: { any_: state } } } : {}),
      ...(since ? { end_time: { after_: since } } : {}),
      ...(deployment ? { deployment_id: { any_: [deployment] } } : {}),
    },
    ...(pool === undefined ? {} : { work_pools: { name: { any_: [pool] } } }),
  };
}

/** Whoever knows it from `retry` will try it. */
function refuseSince(): never {
  throw new InvalidArgumentError(
    'Runs that have not ended have no time of their end: choose them by --state, --pool or --deployment.',
  );
}

export function parseState(text: string, before: readonly StateType[] = []): StateType[] {
  const type = STATE_TYPES.find((one) => one === text.toUpperCase());
  if (type) return [...before, type];
  throw new InvalidArgumentError(`Expected some of ${STATE_TYPES.join(', ')}.`);
}
