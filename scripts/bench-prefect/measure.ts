import { runLifecycles } from './claimers.ts';
import { prefectHttp } from './prefect-http.ts';
import type { BenchServer } from './servers.ts';
import { countedTwice, createWork } from './work.ts';

export interface Measured {
  readonly server: BenchServer['name'];
  readonly claimers: number;
  readonly runs: number;
  readonly createsPerSecond: number;
  /** Each run counts once: the useful work. */
  readonly lifecyclesPerSecond: number;
  /** Each execution counts: all the work of the server, including repeated executions. */
  readonly executionsPerSecond: number;
  readonly claimMs: readonly number[];
  /** Runs that entered RUNNING more than once, as seen by the claimers or counted by the server. */
  readonly executedAgain: number;
  readonly unfinished: number;
  readonly askedAgain: number;
}

export async function measure(
  { name, url }: BenchServer,
  claimers: number,
  runs: number,
): Promise<Measured> {
  const http = prefectHttp(url);
  const work = await createWork(http, runs);
  const lifecycles = await runLifecycles(http, work, claimers);
  const { finished, completions, seconds, executions, claimMs } = lifecycles;
  const twice = await countedTwice(http, work.runs);
  for (const [id, times] of executions) if (times > 1) twice.add(id);
  return {
    server: name,
    claimers,
    runs,
    createsPerSecond: work.createsPerSecond,
    lifecyclesPerSecond: finished / seconds,
    executionsPerSecond: completions / seconds,
    claimMs,
    executedAgain: twice.size,
    unfinished: runs - finished,
    askedAgain: http.askedAgain(),
  };
}
