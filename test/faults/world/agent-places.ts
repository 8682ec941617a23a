import type { Exchange, Fate } from '../../support/faulty-proxy.ts';
import type { Where } from '../table/table.ts';

/** A request of an agent. */
export interface Asked {
  readonly path: string;
  readonly started: boolean;
  readonly runs: number;
  readonly capacity: number | undefined;
  /** The proposed state. */
  readonly type: string | undefined;
}

export function askedIn({ path, body }: Exchange): Asked {
  const sent = body.length > 0 ? JSON.parse(body.toString()) : {};
  const { started = false, runs = [], capacity, state } = sent;
  return { path, started, runs: runs.length, capacity, type: state?.type };
}

const beats = ({ path }: Asked): boolean => path.endsWith('/heartbeat');
const claims = ({ path }: Asked): boolean => path.endsWith('/claim');

/** How a real agent gets to a place, and the message with which it takes the step there. */
export interface AgentPlace {
  /** The flow that its runs execute, from test/agent/flows.ts. */
  readonly flow: 'counted' | 'waitsForGate' | 'endsWhenAsked';
  readonly isMessage: (asked: Asked) => boolean;
  /** Its runs are cancelled once they run. */
  readonly cancels?: true;
  /** It is told to stop while its claim is in progress. */
  readonly stops?: true;
  /** Another agent has died, and this agent's poll notices it. */
  readonly afterDeath?: true;
}

export const AGENT_PLACES: Readonly<Record<Where, AgentPlace>> = {
  open: { flow: 'counted', isMessage: (asked) => beats(asked) && asked.started },
  claim: { flow: 'counted', isMessage: claims },
  start: { flow: 'counted', isMessage: ({ type }) => type === 'RUNNING' },
  heartbeat: { flow: 'waitsForGate', isMessage: (asked) => beats(asked) && asked.runs > 0 },
  finish: { flow: 'counted', isMessage: ({ type }) => type === 'COMPLETED' },
  'give back': { flow: 'counted', isMessage: ({ type }) => type === 'SCHEDULED', stops: true },
  cancel: { flow: 'endsWhenAsked', isMessage: ({ type }) => type === 'CANCELLED', cancels: true },
  recover: { flow: 'counted', isMessage: claims, afterDeath: true },
};

/**
 * Stops the agent while its first claim is in progress, so that it gives the claimed runs back. The
 * claim continues when the agent has reported that it has no capacity.
 */
export function stoppingAtClaim(stop: () => void): (asked: Asked) => Fate | undefined {
  const drained = Promise.withResolvers<void>();
  let stopped = false;
  return (asked) => {
    if (beats(asked) && asked.capacity === 0) drained.resolve();
    if (stopped || !claims(asked)) return undefined;
    stopped = true;
    stop();
    return { before: () => drained.promise };
  };
}
