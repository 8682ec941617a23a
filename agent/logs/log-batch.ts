import { isFault } from '../../client/backoff.ts';
import { ApiError, type Client } from '../../client/index.ts';
import { type Calls, FAULTS_AT_MOST } from '../calls.ts';
import type { Line } from './log-line.ts';

/** Enough to find a bad line: nine halvings find one line among five hundred. */
const REFUSALS_PER_RUN = 20;

/**
 * Sends a batch of log lines. If the server refuses its content, the batch is sent run by run, and
 * the refused lines of a run in halves, so that few other lines are lost with a bad one. Returns
 * the lines that did not arrive. Never rejects.
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
        onlyRefusals: true,
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

/** Sends the parts one after the other, so that the lines stay in order. */
async function all(
  parts: readonly (readonly Line[])[],
  send: (part: readonly Line[]) => Promise<Line[]>,
): Promise<Line[]> {
  const left: Line[] = [];
  for (const part of parts) left.push(...(await send(part)));
  return left;
}

/** True if the server may accept fewer of these lines. */
function isAboutContent(error: unknown): boolean {
  return isFault(error) || (error instanceof ApiError && [400, 413, 422].includes(error.status));
}
