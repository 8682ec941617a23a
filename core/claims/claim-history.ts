import type { RunState } from '../../model/runs/run.ts';
import { isFinal, isPaused, isRunning } from '../../model/runs/state.ts';
import type { Instant } from '../../model/values/instant.ts';
import type { Context } from '../context.ts';
import { readHistory } from '../states/history.ts';
import { endsClaim } from '../states/transition.ts';

/** Why a claim ended. */
type ClaimEnd =
  | 'completed'
  | 'failed'
  | 'crashed'
  | 'cancelled'
  | 'suspended'
  | 'given back'
  | 'agent lost'
  | 'never started'
  | 'released'
  | 'rescheduled';

/** One attempt at a run. */
export interface ClaimRecord {
  readonly attempt: number;
  readonly sessionId: string;
  readonly workerName: string | null;
  readonly claimedAt: Instant;
  readonly startedAt: Instant | null;
  /** null: this claim is the current one. */
  readonly end: { readonly at: Instant; readonly why: ClaimEnd; readonly state: RunState } | null;
}

/**
 * Returns every attempt at a run, oldest first. The attempts are derived from the run's states: the
 * first state of a claim names the session, and the state that ends the claim says why it ended. So
 * this history costs no writes of its own.
 * @throws DibsError flow_run_not_found
 */
export async function readClaims(context: Context, runId: string): Promise<ClaimRecord[]> {
  const { run, states } = await readHistory(context, runId);
  const begins = states.flatMap(({ claimedBy }, i) => (claimedBy === undefined ? [] : [i]));
  return begins.map((begin, i) => {
    const until = begins[i + 1] ?? states.length;
    const claimed = states[begin] as RunState;
    const during = states.slice(begin, until);
    const last = during.find((state) => state.claimedBy === undefined && endsClaim(state));
    return {
      // The latest claim has the run's attempt number; earlier claims count down from it.
      attempt: run.attempt - (begins.length - 1 - i),
      sessionId: claimed.claimedBy ?? '',
      workerName: claimed.worker ?? null,
      claimedAt: claimed.at,
      startedAt: during.find((state) => isRunning(state.type))?.at ?? null,
      end: last ? { at: last.at, why: whyEnded(last), state: last } : null,
    };
  });
}

const FINAL: Readonly<Record<string, ClaimEnd>> = {
  COMPLETED: 'completed',
  FAILED: 'failed',
  CRASHED: 'crashed',
  CANCELLED: 'cancelled',
};

function whyEnded({ type, cause }: RunState): ClaimEnd {
  if (cause === 'lost' && type !== 'CANCELLED') return 'agent lost';
  if (cause === 'idle') return 'never started';
  if (cause === 'released') return 'released';
  if (isFinal(type)) return FINAL[type] ?? 'completed';
  if (isPaused(type)) return 'suspended';
  return cause === 'forced' ? 'rescheduled' : 'given back';
}
