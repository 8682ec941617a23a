import { randomUUID } from 'node:crypto';
import { isFault } from '../../client/backoff.ts';
import { ApiError, type Client } from '../../client/index.ts';
import { type Calls, FAULTS_AT_MOST } from '../calls.ts';
import { between, type Claim, type State, type StateProposal } from '../wire.ts';

/** The server's answer to a proposed state. */
type Answer =
  | { readonly type: 'accepted' }
  /** The server set another state instead. */
  | { readonly type: 'rejected'; readonly state: State; readonly reason: string }
  | { readonly type: 'wait'; readonly seconds: number }
  /** This agent does not hold the run, and may not change its state. */
  | { readonly type: 'lost'; readonly reason: string }
  /** The server cannot accept this proposal from anyone: it refuses it, or fails at it. */
  | { readonly type: 'refused'; readonly reason: string };

/** Proposes a state for a run that this agent holds. */
export type Propose = (claim: Claim, state: StateProposal, signal: AbortSignal) => Promise<Answer>;

/**
 * Each proposal has its own transition id, and keeps it when it is retried after a lost response.
 * The server then applies it once and repeats the first response.
 */
export function createPropose(client: Client, calls: Calls): Propose {
  return async (claim, state, signal) => {
    const body = {
      claim_token: claim.claim_token,
      state: {
        ...state,
        state_details: { ...state.state_details, transition_id: randomUUID() },
      },
    };
    try {
      const reply = await calls.untilAnswered(
        () => client.setState({ id: claim.flow_run.id, body, signal }),
        signal,
        { faultsAtMost: FAULTS_AT_MOST, onlyRefusals: true },
      );
      return answerOf(reply);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const lost = error.status === 404 || error.status === 409 || error.status === 410;
      const reason = isFault(error) ? `the server fails at it. ${error.message}` : error.message;
      return { type: lost ? 'lost' : 'refused', reason };
    }
  };
}

/** A run may be due in hours. To ask again each minute until then is harmless. */
const WAIT_SECONDS = { min: 1, max: 60 };

function waitSeconds(seconds: number | null | undefined): number {
  return between(seconds ?? WAIT_SECONDS.min, WAIT_SECONDS);
}

function answerOf({ status, details, state }: Awaited<ReturnType<Client['setState']>>): Answer {
  const reason = details.reason ?? 'the server gave no reason';
  if (status === 'ACCEPT') return { type: 'accepted' };
  if (status === 'WAIT') return { type: 'wait', seconds: waitSeconds(details.delay_seconds) };
  if (status === 'REJECT' && state) return { type: 'rejected', state, reason };
  return { type: 'lost', reason };
}
