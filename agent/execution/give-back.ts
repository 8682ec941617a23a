import type { AgentEvent } from '../events.ts';
import { type Claim, runOf } from '../wire.ts';
import type { Propose } from './propose.ts';

/**
 * Gives a claimed run back to its queue, so that another agent may claim it. Never rejects: a run
 * that cannot be given back is recovered when the session ends.
 */
export type GiveBack = (
  claim: Claim,
  reason: string,
  /** Aborted when the claim's session is over: then there is nothing to give back. */
  over: AbortSignal,
  /** The SCHEDULED state that the run gets. Default: it may be claimed at once. */
  as?: { readonly name: string; readonly scheduled_time: string | null },
) => Promise<void>;

interface GiveBackOptions {
  readonly propose: Propose;
  readonly onEvent: (event: AgentEvent) => void;
  /** Aborted when the agent sends nothing more. */
  readonly silence: AbortSignal;
}

export function createGiveBack({ propose, onEvent, silence }: GiveBackOptions): GiveBack {
  return async (claim, reason, over, as) => {
    const signal = AbortSignal.any([silence, over]);
    const state = {
      type: 'SCHEDULED' as const,
      message: `Given back: ${reason}.`,
      ...(as ? { name: as.name, state_details: { scheduled_time: as.scheduled_time } } : {}),
    };
    try {
      const answer = await propose(claim, state, signal);
      if (answer.type === 'accepted') {
        onEvent({ type: 'run_given_back', reason, ...runOf(claim) });
      } else {
        const why = answer.type === 'wait' ? 'the server asks to wait' : answer.reason;
        onEvent({ type: 'run_forgotten', reason: why, ...runOf(claim) });
      }
    } catch (error) {
      if (signal.aborted) return;
      const why = error instanceof Error ? error.message : String(error);
      onEvent({ type: 'run_forgotten', reason: `it was not given back: ${why}`, ...runOf(claim) });
    }
  };
}
