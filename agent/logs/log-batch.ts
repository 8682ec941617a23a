import { isFault } from '../../client/backoff.ts';
import { ApiError, type Client } from '../../client/index.ts';
import { type Calls, FAULTS_AT_MOST } from '../calls.ts';
import type { Line } from './log-line.ts';

/** Nine halvings find one line among five hundred. */
const REFUSALS_PER_RUN = 20;

/**
 * Sends a batch. When the server refuses it for what is in it, it is sent run by run, and what is
 * refused of a run in halves, so that one bad line takes few others with it. Gives the lines that
 * did not arrive; never rejects.
 */
export async function sendBatch(
  { client, calls, signal }: { client: Client; calls: Calls; signal: AbortSignal },
  batch: readonly Line[],
): Promise<Line[]> {
  async function send(lines: readonly Line[], budget: { refusals: number }): Promise<Line[]> {
    try {
      const request = { body: [...lines], signal };
      await calls.untilAnswered(() => client.writeLogs(request), signal, {
        faultsAtMost: FAULTS_AT_MOST,
      });
      return [];
    } catch (error) {
      if (signal.aborted || lines.length === 1 || !isAboutContent(error)) return [...lines];
      const runs = Map.groupBy(lines, ({ flow_run_id }) => flow_run_id);
      if (runs.size > 1) {
        return all([...runs.values()], (part) => send(part, { refusals: REFUSALS_PER_RUN }));
      }
      if (--budget.refusals < 0) return [...lines];
      const middle = Math.ceil(lines.length / 2);
      return all([lines.slice(0, middle), lines.slice(middle)], (half) => send(half, budget));
    }
  }
  return send(batch, { refusals: REFUSALS_PER_RUN });
}

/** One after the other: lines arrive in the order they came. */
async function all(
  parts: readonly (readonly Line[])[],
  send: (part: readonly Line[]) => Promise<Line[]>,
): Promise<Line[]> {
  const left: Line[] = [];
  for (const part of parts) left.push(...(await send(part)));
  return left;
}

/** Fewer lines may fare better. */
function isAboutContent(error: unknown): boolean {
  return isFault(error) || (error instanceof ApiError && [400, 413, 422].includes(error.status));
}
