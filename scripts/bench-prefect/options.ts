import { parseArgs } from 'node:util';
import { UserError } from '../../local/user-error.ts';

export interface PrefectBenchOptions {
  /** A Python that has Prefect and its server. Default: one that is installed under .dibs/. */
  readonly python: string | undefined;
  /** Runs per measurement: `runs` for Prefect's server, `ourRuns` for dibs. */
  readonly runs: number;
  readonly ourRuns: number;
  readonly claimers: readonly number[];
}

const USAGE =
  'npm run bench:prefect -- [--python PATH] [--runs N] [--our-runs N] [--claimers 1,8,32]';

export function prefectBenchOptions(args: string[]): PrefectBenchOptions {
  const { values } = parseArgs({
    args,
    options: {
      python: { type: 'string' },
      runs: { type: 'string', default: '300' },
      // dibs finishes its runs quickly: more of them take long enough to be measured.
      'our-runs': { type: 'string', default: '1500' },
      claimers: { type: 'string', default: '1,8,32' },
    },
  });
  const claimers = values.claimers.split(',').map(Number);
  const [runs, ourRuns] = [Number(values.runs), Number(values['our-runs'])];
  const isWhole = (value: number) => Number.isInteger(value) && value > 0;
  if (![runs, ourRuns, ...claimers].every(isWhole)) throw new UserError(USAGE);
  return { python: values.python, runs, ourRuns, claimers };
}
