import { LIMITS } from '../core/limits.ts';
import { isFinal, isRunning } from '../core/state.ts';
import type { Guard, Written } from '../core/store.ts';
import type { Transition } from '../core/transition.ts';
import { idBytes, secretBytes, ttl } from './binary.ts';
import {
  allOf,
  historyIsShort,
  itsTimeHasCome,
  notAnsweredBefore,
  retriesAreUsedUp,
  theStateIsTheOneRead,
  thisClaimIsCurrent,
} from './conditions.ts';
import { type Dynamo, put, update } from './dynamo.ts';
import { dispatchKey, movedStatesKey, runKey } from './keys.ts';
import { fromRunItem } from './run-item.ts';
import { toStateEntry } from './state-entry.ts';

/**
 * Writes a transition, on condition of its guard. A start costs 1 write unit (the item); leaving or
 * changing its place in the dispatch index costs 1 more for each side.
 */
export async function transition(db: Dynamo, to: Transition, guard: Guard): Promise<Written> {
  if (to.moved) await keepMovedStates(db, to.runId, to.moved.out);
  const values: Record<string, unknown> = { ':stateId': idBytes(to.state.id) };
  const set: string[] = ['stateId = :stateId'];
  const add: string[] = [];
  const remove: string[] = [];
  const assign = (name: string, value: unknown) => {
    values[`:${name}`] = value;
    set.push(`${name} = :${name}`);
  };

  assign('stateType', to.state.type);
  appendState(to, values, set, assign);
  if (isRunning(to.state.type) || isFinal(to.state.type)) {
    values[':at'] = to.state.at;
    set.push('startedAt = if_not_exists(startedAt, :at)');
  }
  if (to.counts.run) add.push('runCount :one');
  if (to.claim.kind === 'begin') {
    assign('claimedBy', idBytes(to.claim.claim.sessionId));
    assign('claimSecret', secretBytes(to.claim.claim.secret));
    assign('claimId', idBytes(to.claim.claim.claimId));
    add.push('attempt :one');
  }
  if (to.claim.kind === 'end') remove.push('claimedBy', 'claimSecret', 'claimId');
  if (to.place !== 'same') {
    const key = dispatchKey(to.runId, to.place);
    if (key) for (const [name, value] of Object.entries(key)) assign(name, value);
    else remove.push('gsi1pk', 'gsi1sk');
  }
  if (to.scheduledAt !== 'same') assign('scheduledAt', to.scheduledAt);
  if (to.expiresAt === 'never') remove.push('expiresAt');
  else if (to.expiresAt !== 'same') assign('expiresAt', ttl(to.expiresAt));
  if (add.length > 0) values[':one'] = 1;

  const written = await update(db, runKey(to.runId), {
    ConditionExpression: conditionOf(guard, values),
    UpdateExpression: [
      `SET ${set.join(', ')}`,
      add.length > 0 ? `ADD ${add.join(', ')}` : '',
      remove.length > 0 ? `REMOVE ${remove.join(', ')}` : '',
    ].join(' '),
    ExpressionAttributeValues: values,
  });
  if (written.won) return { won: true, run: fromRunItem(written.item) };
  return { won: false, run: written.item && fromRunItem(written.item) };
}

function conditionOf(guard: Guard, values: Record<string, unknown>): string {
  if (guard.kind === 'decided') {
    values[':readStateId'] = idBytes(guard.stateId);
    return theStateIsTheOneRead;
  }
  values[':secret'] = secretBytes(guard.secret);
  values[':attempt'] = guard.attempt;
  values[':statesBlindly'] = LIMITS.statesBlindly;
  const conditions = [thisClaimIsCurrent, notAnsweredBefore, historyIsShort];
  const from = guard.from.map((type, i) => {
    values[`:from${i}`] = type;
    return `:from${i}`;
  });
  conditions.push(`stateType IN (${from.join(', ')})`);
  if (guard.dueBy !== undefined) {
    values[':now'] = guard.dueBy;
    conditions.push(itsTimeHasCome);
  }
  if (guard.noRetryLeft) conditions.push(retriesAreUsedUp);
  return allOf(...conditions);
}

function appendState(
  to: Transition,
  values: Record<string, unknown>,
  set: string[],
  assign: (name: string, value: unknown) => void,
): void {
  const id = idBytes(to.state.id);
  const entry = toStateEntry(to.state);
  if (to.moved) {
    assign('stateIds', [...to.moved.stay.map((state) => idBytes(state.id)), id]);
    assign('states', [...to.moved.stay.map(toStateEntry), entry]);
    assign('ranBefore', to.moved.ranBefore);
    assign('movedStates', true);
    return;
  }
  values[':ids'] = [id];
  values[':entries'] = [entry];
  set.push('stateIds = list_append(stateIds, :ids)', 'states = list_append(states, :entries)');
}

/** Before the run's own write: if that is lost, they stand in both places, and count once. */
async function keepMovedStates(
  db: Dynamo,
  runId: string,
  states: NonNullable<Transition['moved']>['out'],
): Promise<void> {
  const [first] = states;
  if (!first) return;
  await put(db, {
    ...movedStatesKey(runId, first.id),
    stateIds: states.map((state) => idBytes(state.id)),
    states: states.map(toStateEntry),
  });
}
