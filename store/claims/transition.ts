import type { HeldSlot } from '../../model/limits.ts';
import type { Guard, Updated } from '../../model/runs/claim-store.ts';
import { isFinal, isRunning } from '../../model/runs/state.ts';
import type { Transition } from '../../model/runs/transition.ts';
import { type Dynamo, within } from '../dynamo/dynamo.ts';
import { transact } from '../dynamo/transact.ts';
import { UpdateExpression } from '../dynamo/update-expression.ts';
import { put, update } from '../dynamo/write.ts';
import { limitUnchanged, slotFreed, slotTaken } from '../limits/limits.ts';
import { toHeldSlot } from '../limits/slot-entry.ts';
import { fromRunItem } from '../runs/run-item.ts';
import { toClaimant, toStateEntry } from '../runs/state-entry.ts';
import { idBytes, secretBytes, ttl } from '../table/binary.ts';
import { dispatchKey } from '../table/dispatch-keys.ts';
import { movedStatesKey, runKey } from '../table/keys.ts';
import { noteIfCancelled } from './cancellations.ts';
import { conditionOf } from './guard.ts';

/**
 * Writes a transition if its guard holds. A start costs 1 write unit (the item). Leaving a place in
 * the dispatch index costs 1 more, and so does entering one. With slots to take or to free it is a
 * transaction: twice the price, and 2 per slot.
 */
export async function transition(db: Dynamo, to: Transition, guard: Guard): Promise<Updated> {
  await noteIfCancelled(db, to, guard);
  if (to.moved) await keepMovedStates(db, to.runId, to.moved);
  const change = changeOf(to);
  const condition = conditionOf(guard);
  const write = {
    ConditionExpression: condition.text,
    ...change.with(condition.values),
  };
  const inTime = inTimeOf(guard);
  if (to.takes.length > 0 || to.frees.length > 0) {
    return withSlots(db, { to, guard, write, frees: to.frees, inTime });
  }
  // The item is not asked for: to send and parse it costs as much time as half of the write.
  const written = await update(db, runKey(to.runId), { ...write, ReturnValues: 'NONE' }, inTime);
  if (written.won) return { done: true };
  return { done: false, run: written.item && fromRunItem(written.item) };
}

function inTimeOf(guard: Guard): AbortSignal | undefined {
  return guard.within === undefined ? undefined : within(guard.within);
}

interface SlottedWrite {
  readonly to: Transition;
  readonly guard: Guard;
  readonly write: object;
  readonly frees: readonly HeldSlot[];
  readonly inTime: AbortSignal | undefined;
}

/**
 * If a slot now belongs to another claim, that claim keeps it: no end of a claim fails because of
 * it.
 */
async function withSlots(db: Dynamo, slotted: SlottedWrite): Promise<Updated> {
  const { to, guard, write, frees, inTime } = slotted;
  const { runId, takes, claim, state } = to;
  if (guard.kind === 'plain') throw new Error('slots are taken and freed by decided transitions');
  const { attempt } = guard.run;
  const sessionId = claim.kind === 'begin' ? claim.claim.sessionId : '';
  const mine = { runId, sessionId, attempt: attempt + 1, at: state.at };
  const done = await transact(
    db,
    [
      { Update: { Key: runKey(runId), ...write } },
      ...frees.map(({ scope, k }) => slotFreed(scope, k, runId, attempt)),
      ...takes.map(({ scope, k }) => slotTaken(scope, { ...mine, k })),
      ...takes.map(({ scope, version }) => limitUnchanged(scope, version)),
    ],
    inTime,
  );
  if (done.won) return { done: true };
  if (done.at === 0) return { done: false, run: done.item && fromRunItem(done.item) };
  if (done.at > frees.length) return { done: false, run: undefined, slotsChanged: true };
  const left = frees.filter((_, i) => i !== done.at - 1);
  return withSlots(db, { ...slotted, frees: left });
}

function changeOf(to: Transition): UpdateExpression {
  const change = new UpdateExpression();
  const { state } = to;
  change.set({ stateType: state.type, stateId: idBytes(state.id) });
  addToHistory(change, to);
  if (isRunning(state.type) || isFinal(state.type)) change.setOnce('startedAt', state.at);
  if (to.counts.run) change.increment('runCount');
  if (to.counts.loss) change.increment('losses');
  if (to.counts.anew) change.remove('losses');
  changePauses(change, to);
  // These apply to the first start alone.
  change.remove('skipFrom', 'unlessMissing');
  changeClaim(change, to);
  if (to.place !== 'same') {
    const listed = dispatchKey(to.runId, to.place);
    if (listed) change.set({ ...listed });
    else change.remove('gsi1pk', 'gsi1sk');
  }
  if (to.scheduledAt !== 'same') change.set({ scheduledAt: to.scheduledAt });
  if (to.expiresAt === 'never') change.remove('expiresAt');
  else if (to.expiresAt !== 'same') change.set({ expiresAt: ttl(to.expiresAt) });
  return change;
}

function changePauses(change: UpdateExpression, { pauses }: Transition): void {
  if (pauses === 'same') return;
  const { keys, resuming } = pauses;
  if (keys.length > 0) change.set({ pauseKeys: keys });
  else change.remove('pauseKeys');
  if (resuming) change.set({ resuming });
  else change.remove('resuming');
}

function changeClaim(change: UpdateExpression, { claim, frees, takes }: Transition): void {
  if (claim.kind === 'end') change.remove('claimedBy', 'claimSecret', 'claimId');
  if (frees.length > 0) change.remove('slots');
  if (takes.length > 0) change.set({ slots: takes.map(toHeldSlot) });
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
    ...(moved.lastClaimant ? { lastClaimant: toClaimant(moved.lastClaimant) } : {}),
  });
}

/**
 * Writes the moved states before the run's own write. If that one fails, the states are in both
 * places and are counted once. Another decision that moves fewer or more states at the same time
 * has another last state, and so another key.
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
