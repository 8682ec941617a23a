import type { Exchange, Fate } from '../../support/faulty-proxy.ts';
import type { Where } from '../table/table.ts';

/** What an agent asked for. */
export interface Asked {
  readonly path: string;
  readonly started: boolean;
  readonly runs: number;
  readonly capacity: number | undefined;
  /** The state proposed. */
  readonly type: string | undefined;
}

export function askedIn({ path, body }: Exchange): Asked {
  const sent = body.length > 0 ? JSON.parse(body.toString()) : {};
  const { started = false, runs = [], capacity, state } = sent;
  return { path, started, runs: runs.length, capacity, type: state?.type };
}

const beats = ({ path }: Asked): boolean => path.endsWith('/heartbeat');
const claims = ({ path }: Asked): boolean => path.endsWith('/claim');

/** How a real agent comes to a place, and the message by which it takes the step there. */
export interface AgentPlace {
  /** What its runs execute: of test/agent/flows.ts. */
  readonly flow: 'counted' | 'waitsForGate' | 'endsWhenAsked';
  readonly isMessage: (asked: Asked) => boolean;
  /** Somebody cancels its runs once they run. */
  readonly cancels?: true;
  /** It is told to stop while its claim is under way. */
  readonly stops?: true;
  /** Another agent died before, and this one's poll finds that out. */
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
 * Stops the agent while its first claim is under way, so that it gives back what comes: the claim goes
 * on when the agent has said that it has no capacity any more.
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
