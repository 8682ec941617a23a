import type { Claimant, EndCause, Payload, RunState } from '../../model/runs/run.ts';
import { defaultName, isScheduled, type StateType } from '../../model/runs/state.ts';
import { idBytes, idText } from '../table/binary.ts';

/**
 * One state in a run's history, about 30 bytes, because the run's item has to stay under 1 KB.
 *
 *   t  type, by its letter          a  when (us)               n  name, unless it is the default
 *   m  message                      d  data                    s  scheduled time, unless equal to a
 *   p  the id is a transition_id    i  type proposed instead   c  session whose claim began here
 *   k  the result was persisted     x  other details, as JSON
 *   w  name of its worker           b  that name proves the claim   y  what ended the claim
 *   q  what stands for that name, if it is shortened
 */
export type StateEntry = Readonly<Record<string, unknown>>;

const LETTER: Readonly<Record<StateType, string>> = {
  SCHEDULED: 'S',
  PENDING: 'P',
  RUNNING: 'R',
  COMPLETED: 'C',
  FAILED: 'F',
  CRASHED: 'X',
  CANCELLING: 'c',
  CANCELLED: 'K',
  PAUSED: 'p',
};
const TYPE = Object.fromEntries(
  Object.entries(LETTER).map(([type, letter]) => [letter, type]),
) as Record<string, StateType>;

const CAUSE: Readonly<Record<EndCause, string>> = {
  lost: 'l',
  idle: 'i',
  released: 'r',
  forced: 'f',
};
const CAUSE_OF = Object.fromEntries(
  Object.entries(CAUSE).map(([cause, letter]) => [letter, cause]),
) as Record<string, EndCause>;

export function toStateEntry(state: RunState): StateEntry {
  const due = state.scheduledAt;
  return {
    t: LETTER[state.type],
    a: state.at,
    ...(state.name === defaultName(state.type) ? {} : { n: state.name }),
    ...(state.message ? { m: toPayload(state.message) } : {}),
    ...(state.data ? { d: toPayload(state.data) } : {}),
    ...(due === undefined || due === state.at ? {} : { s: due }),
    ...(state.proposed ? { p: true } : {}),
    ...(state.insteadOf ? { i: LETTER[state.insteadOf] } : {}),
    ...(state.claimedBy ? { c: idBytes(state.claimedBy) } : {}),
    ...(state.worker ? { w: state.worker } : {}),
    ...(state.workerMark ? { q: idBytes(state.workerMark) } : {}),
    ...(state.byName ? { b: true } : {}),
    ...(state.cause ? { y: CAUSE[state.cause] } : {}),
    ...(state.persists ? { k: true } : {}),
    ...(state.details ? { x: JSON.stringify(state.details) } : {}),
  };
}

export function fromStateEntry(id: Uint8Array, entry: StateEntry): RunState {
  const type = TYPE[entry['t'] as string];
  if (!type) throw new Error(`unknown state type in the table: ${entry['t']}`);
  const at = entry['a'] as number;
  const scheduledAt = isScheduled(type) ? ((entry['s'] as number | undefined) ?? at) : undefined;
  return {
    id: idText(id),
    type,
    name: (entry['n'] as string | undefined) ?? defaultName(type),
    at,
    ...(scheduledAt === undefined ? {} : { scheduledAt }),
    ...(entry['m'] === undefined ? {} : { message: fromPayload(entry['m']) }),
    ...(entry['d'] === undefined ? {} : { data: fromPayload(entry['d']) }),
    ...(entry['p'] ? { proposed: true } : {}),
    ...(entry['i'] ? { insteadOf: TYPE[entry['i'] as string] as StateType } : {}),
    ...(entry['c'] ? { claimedBy: idText(entry['c'] as Uint8Array) } : {}),
    ...(entry['w'] ? { worker: entry['w'] as string } : {}),
    ...(entry['q'] ? { workerMark: idText(entry['q'] as Uint8Array) } : {}),
    ...(entry['b'] ? { byName: true } : {}),
    ...(entry['y'] ? { cause: CAUSE_OF[entry['y'] as string] as EndCause } : {}),
    ...(entry['k'] ? { persists: true } : {}),
    ...(entry['x'] ? { details: JSON.parse(entry['x'] as string) } : {}),
  };
}

/** A payload is stored as its text, or as a reference: {h: hash, n: bytes}. */
export const toPayload = (payload: Payload): unknown =>
  'text' in payload ? payload.text : { h: Buffer.from(payload.hash, 'hex'), n: payload.bytes };

export function fromPayload(value: unknown): Payload {
  if (typeof value === 'string') return { text: value };
  const { h, n } = value as { h: Uint8Array; n: number };
  return { hash: Buffer.from(h).toString('hex'), bytes: n };
}

/**
 * The last claimant, if its state was moved out, is stored as [session, worker's name, by name, what
 * stands for a shortened name].
 */
export const toClaimant = (claimant: Claimant): unknown => {
  const { sessionId, worker = '', byName = false, workerMark } = claimant;
  return [idBytes(sessionId), worker, byName, ...(workerMark ? [idBytes(workerMark)] : [])];
};

export function fromClaimant(value: unknown): Claimant {
  // Items written before names were kept have the session alone.
  if (value instanceof Uint8Array) return { sessionId: idText(value) };
  const [id, worker, byName, mark] = value as [Uint8Array, string, boolean, Uint8Array?];
  return {
    sessionId: idText(id),
    ...(worker ? { worker } : {}),
    ...(mark ? { workerMark: idText(mark) } : {}),
    ...(byName ? { byName } : {}),
  };
}
