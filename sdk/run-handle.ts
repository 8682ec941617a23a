import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '../client/index.ts';
import { isCompleted, isFinal } from '../model/runs/state.ts';
import { ask } from './ask.ts';
import { RunFailedError, WaitTimeoutError } from './errors.ts';

export interface WaitOptions {
  /** Default: wait until the run ends. */
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
}

/** A run that was created. */
export interface RunHandle<Result> {
  readonly id: string;
  readonly name: string;
  /**
   * Waits until the run is COMPLETED, and returns the flow's result.
   *
   * @throws RunFailedError if the run ends in another state
   * @throws WaitTimeoutError if the run does not end in time
   * @throws UnreachableError if the server does not answer for a minute
   * @throws the signal's reason when it is aborted
   */
  wait(options?: WaitOptions): Promise<Result>;
}

const FIRST_LOOK_MS = 200;
const LONGEST_LOOK_MS = 3_000;

export function runHandle<Result>(
  client: Client,
  { id, name }: Readonly<{ id: string; name: string }>,
): RunHandle<Result> {
  return {
    id,
    name,
    wait: async ({ timeoutSeconds, signal } = {}) => {
      const deadline = performance.now() + (timeoutSeconds ?? Number.POSITIVE_INFINITY) * 1_000;
      for (let ms = FIRST_LOOK_MS; ; ms = Math.min(ms * 1.5, LONGEST_LOOK_MS)) {
        signal?.throwIfAborted();
        const run = await ask(
          () => client.readFlowRun({ id, ...(signal ? { signal } : {}) }),
          signal,
        );
        if (isCompleted(run.state_type)) return (run.state?.data ?? null) as Result;
        if (isFinal(run.state_type)) {
          throw new RunFailedError({
            id,
            name,
            stateType: run.state_type,
            stateName: run.state_name,
            stateMessage: run.state?.message ?? null,
          });
        }
        const left = deadline - performance.now();
        if (left <= 0) throw new WaitTimeoutError(id, timeoutSeconds ?? 0, run.state_name);
        await sleep(Math.min(ms, left), signal);
      }
    },
  };
}

async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await delay(ms, undefined, signal ? { signal } : {}).catch(() => {});
}
