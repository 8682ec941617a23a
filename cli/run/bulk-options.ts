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

/** Options that choose runs, and say who changes them and why. */
export interface BulkOptions extends ByOptions {
  readonly state?: StateType[];
  readonly since?: string;
  readonly pool?: string;
  readonly deployment?: string;
  readonly all?: true;
  readonly note?: string;
  readonly dryRun?: true;
}

/**
 * Adds the arguments and options of a command on many runs.
 * @param all the help text of `--all`: which runs it chooses
 * @param since whether runs can be chosen by the time of their end
 */
export function withBulkOptions(
  command: Command,
  { all, since }: { readonly all: string; readonly since: boolean },
): Command {
  command
    .argument('[ids...]', 'these runs', parseIds)
    .addOption(
      new Option('--state <types...>', 'only runs in one of these states').argParser(parseState),
    );
  const endedSince = new Option(
    '--since <time>',
    'only runs that ended since then: 30m, 1h, 2d ago, or a time',
  );
  command.addOption(
    since
      ? endedSince.argParser((text) => parseSince(text))
      : endedSince.argParser(refuseSince).hideHelp(),
  );
  command
    .option('-p, --pool <name>', 'only runs of this work pool', parseName)
    .option('--deployment <id>', 'only runs of this deployment', parseId)
    .addOption(new Option('--all', all).conflicts(['state', 'since', 'pool', 'deployment']))
    .option('--dry-run', 'change nothing; show which runs would be changed')
    .option('--note <text>', 'the reason, kept in the history of each run');
  return withBy(command);
}

const FILTERS = ['--state', '--since', '--pool', '--deployment'];

/**
 * The chosen runs as a filter of the API. Choosing no runs is a usage error, so that nobody changes
 * every run by accident.
 */
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

/** Explains why `cancel` has no `--since`, to users who know the option from `retry`. */
function refuseSince(): never {
  throw new InvalidArgumentError(
    'Runs that have not ended have no end time; choose them by --state, --pool or --deployment.',
  );
}

export function parseState(text: string, before: readonly StateType[] = []): StateType[] {
  const type = STATE_TYPES.find((one) => one === text.toUpperCase());
  if (type) return [...before, type];
  throw new InvalidArgumentError(`Expected some of ${STATE_TYPES.join(', ')}.`);
}
