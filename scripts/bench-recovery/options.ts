import { parseArgs } from 'node:util';
import type { Drops } from './dropping-proxy.ts';

export interface RecoveryBenchOptions {
  /** For how many minutes heartbeats are dropped. */
  readonly minutes: number;
  readonly seed: number;
  readonly drops: Drops;
}

const USAGE = 'npm run bench:recovery -- [--minutes N] [--seed N] [--drops cut|silent]';

export function recoveryBenchOptions(args: string[]): RecoveryBenchOptions {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '10' },
      seed: { type: 'string', default: String(Date.now() % 100_000) },
      drops: { type: 'string', default: 'cut' },
    },
  });
  const { drops } = values;
  const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
  const areNumbers = minutes > 0 && Number.isInteger(seed);
  if (!areNumbers || (drops !== 'cut' && drops !== 'silent')) throw new Error(USAGE);
  return { minutes, seed, drops };
}
