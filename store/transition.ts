import { LIMITS } from '../core/limits.ts';
import { isFinal, isRunning } from '../core/state.ts';
import type { Guard, Updated } from '../core/store.ts';
import type { Transition } from '../core/transition.ts';
import { idBytes, secretBytes, ttl } from './binary.ts';
import {
  allOf,
  historyIsShort,
  itsTimeHasCome,
  notAnsweredBefore,
  retriesAreUsedUp,
  theStateIsOneOf,
  theStateIsTheOneRead,
  thisClaimIsCurrent,
} from './conditions.ts';
import { type Dynamo, put, update } from './dynamo.ts';
import { dispatchKey, movedStatesKey, runKey } from './keys.ts';
import { fromRunItem } from './run-item.ts';
import { toStateEntry } from './state-entry.ts';
import { UpdateExpression } from './update-expression.ts';

/**
 * Writes a transition, on condition of its guard. A start costs 1 write unit (the item); leaving or
 * changing its place in the dispatch index costs 1 more for each side.
 */
export async function transition(db: Dynamo, to: Transition, guard: Guard): Promise<Updated> {
  if (to.moved) await keepMovedStates(db, to.runId, to.moved);
  const change = new UpdateExpression();
  const { state } = to;
  change.set({ stateType: state.type, stateId: idBytes(state.id) });
  addToHistory(change, to);
  if (isRunning(state.type) || isFinal(state.type)) change.setOnce('startedAt', state.at);
  if (to.counts.run) change.increment('runCount');
  changeClaim(change, to.claim);
  if (to.place !== 'same') {
    const listed = dispatchKey(to.runId, to.place);
    if (listed) change.set({ ...listed });
    else change.remove('gsi1pk', 'gsi1sk');
  }
  if (to.scheduledAt !== 'same') change.set({ scheduledAt: to.scheduledAt });
  if (to.expiresAt === 'never') change.remove('expiresAt');
  else if (to.expiresAt !== 'same') change.set({ expiresAt: ttl(to.expiresAt) });

  const condition = conditionOf(guard);
  const written = await update(db, runKey(to.runId), {
    ConditionExpression: condition.text,
    UpdateExpression: change.text,
    ExpressionAttributeValues: { ...change.values, ...condition.values },
    // The item is not asked for: to send and to read it costs as much as half of the write.
    ReturnValues: 'NONE',
  });
  if (written.won) return { done: true };
  return { done: false, run: written.item && fromRunItem(written.item) };
}

function changeClaim(change: UpdateExpression, claim: Transition['claim']): void {
  if (claim.kind === 'end') change.remove('claimedBy', 'claimSecret', 'claimId');
  if (claim.kind !== 'begin') return;
  const { sessionId, secret, claimId } = claim.claim;
  change.set({
    claimedBy: idBytes(sessionId),
    claimSecret: secretBytes(secret),
    claimId: idBytes(claimId),
  });
  change.increment('attempt');
}

function addToHistory(change: UpdateExpression, { state, moved }: Transition): void {
  if (!moved) {
    change.append('stateIds', idBytes(state.id));
    change.append('states', toStateEntry(state));
    return;
  }
  const states = [...moved.stay, state];
  change.set({
    stateIds: [...moved.earlierIds, ...states.map(({ id }) => id)].map(idBytes),
    states: states.map(toStateEntry),
    ranBefore: moved.ranBefore,
    movedStates: moved.first + moved.out.length,
    ...(moved.lastClaimant ? { lastClaimant: idBytes(moved.lastClaimant) } : {}),
  });
}

function conditionOf(guard: Guard): { text: string; values: Record<string, unknown> } {
  if (guard.kind === 'decided') {
    return { text: theStateIsTheOneRead, values: { ':readStateId': idBytes(guard.stateId) } };
  }
  const from = Object.fromEntries(guard.from.map((type, i) => [`:from${i}`, type]));
  return {
    text: allOf(
      thisClaimIsCurrent,
      notAnsweredBefore,
      historyIsShort,
      theStateIsOneOf(Object.keys(from)),
      ...(guard.dueBy === undefined ? [] : [itsTimeHasCome]),
      ...(guard.noRetryLeft ? [retriesAreUsedUp] : []),
    ),
    values: {
      ...from,
      ':secret': secretBytes(guard.secret),
      ':attempt': guard.attempt,
      ':statesBlindly': LIMITS.statesBlindly,
      ...(guard.dueBy === undefined ? {} : { ':now': guard.dueBy }),
    },
  };
}

/**
 * Before the run's own write: if that is lost, they stand in both places, and count once. Another
 * decision may cut elsewhere at the same time: its last state is another, so is its key.
 */
async function keepMovedStates(
  db: Dynamo,
  runId: string,
  { out, first }: NonNullable<Transition['moved']>,
): Promise<void> {
  const last = out.at(-1);
  if (!last) return;
  await put(db, {
    ...movedStatesKey(runId, first, last.id),
    stateIds: out.map((state) => idBytes(state.id)),
    states: out.map(toStateEntry),
  });
}
