import type { ClaimAttempt, Written } from '../../model/runs/claim-store.ts';
import { CLAIMABLE, isRunning } from '../../model/runs/state.ts';
import {
  allOf,
  itIsNotTooLate,
  itIsScheduled,
  itsTimeHasCome,
  itWasClaimedSoOften,
  nobodyHoldsIt,
} from '../conditions.ts';
import { type Dynamo, within } from '../dynamo/dynamo.ts';
import { get } from '../dynamo/read.ts';
import { transact } from '../dynamo/transact.ts';
import { UpdateExpression } from '../dynamo/update-expression.ts';
import { update } from '../dynamo/write.ts';
import { limitUnchanged, slotTaken } from '../limits/limits.ts';
import { toHeldSlot } from '../limits/slot-entry.ts';
import { fromRunItem } from '../runs/run-item.ts';
import { toStateEntry } from '../runs/state-entry.ts';
import { idBytes, secretBytes } from '../table/binary.ts';
import { dispatchKey } from '../table/dispatch-keys.ts';
import { runKey } from '../table/keys.ts';

/**
 * The claim: one conditional write on the run's own item.
 *
 *        agent A                     the run's item                      agent B
 *        reads the index: run R is READY                reads the index: run R is READY
 *        UpdateItem if nobody holds it ->  claimedBy = A
 *                                          claimedBy = A  <- UpdateItem if nobody holds it
 *        won: token, attempt 1                                           lost: sees A
 *
 * DynamoDB applies the writes to one item one after the other and checks the condition of each, so
 * at most one of them finds `attribute_not_exists(claimedBy)` true. There is no lock to hold, to
 * renew or to lose. 3 write units: the item, and its move in the dispatch index (delete + insert).
 *
 * If limits apply, the same write is part of a transaction that takes one slot of each limit.
 */
export async function claim(db: Dynamo, attempt: ClaimAttempt): Promise<Written> {
  const { now, deadline } = attempt;
  const inTime = within(deadline - now);
  if (attempt.takes.length > 0) return claimWithSlots(db, attempt, inTime);
  const written = await update(db, runKey(attempt.runId), claimUpdate(attempt), inTime);
  if (written.won) return { won: true, run: fromRunItem(written.item) };
  return { won: false, run: written.item && fromRunItem(written.item) };
}

/**
 * A transaction returns no item, so the run is read after it was claimed. From then on only its
 * holder changes its state.
 */
async function claimWithSlots(
  db: Dynamo,
  attempt: ClaimAttempt,
  inTime: AbortSignal,
): Promise<Written> {
  const { runId, claim: mine, takes, now: at } = attempt;
  const holder = { runId, sessionId: mine.sessionId, at, attempt: attempt.attempts + 1 };
  const done = await transact(
    db,
    [
      { Update: { Key: runKey(runId), ...claimUpdate(attempt) } },
      ...takes.map(({ scope, k }) => slotTaken(scope, { ...holder, k })),
      ...takes.map(({ scope, version }) => limitUnchanged(scope, version)),
    ],
    inTime,
  );
  if (!done.won && done.at > 0) return { won: false, run: undefined, slotsChanged: true };
  if (!done.won) return { won: false, run: done.item && fromRunItem(done.item) };
  const item = await get(db, runKey(runId));
  const run = item && fromRunItem(item);
  if (run?.claim?.secret === mine.secret) return { won: true, run };
  return { won: false, run };
}

function claimUpdate(attempt: ClaimAttempt) {
  const { runId, claim: mine, state, now, takes, attempts, evenLate } = attempt;
  const limited = takes.length > 0;
  const starts = isRunning(state.type);
  const change = new UpdateExpression()
    .set({
      claimedBy: idBytes(mine.sessionId),
      claimSecret: secretBytes(mine.secret),
      claimId: idBytes(mine.claimId),
      stateType: state.type,
      stateId: idBytes(state.id),
      ...dispatchKey(runId, { kind: 'claimed', sessionId: mine.sessionId, at: now }),
      ...(limited ? { slots: takes.map(toHeldSlot) } : {}),
    })
    .append('stateIds', idBytes(state.id))
    .append('states', toStateEntry(state))
    .increment('attempt')
    .remove('skipFrom', 'unlessMissing');
  if (starts) change.setOnce('startedAt', now).increment('runCount').remove('resuming');
  return {
    ConditionExpression: allOf(
      nobodyHoldsIt,
      itIsScheduled,
      itsTimeHasCome,
      ...(evenLate ? [] : [itIsNotTooLate]),
      ...(limited ? [itWasClaimedSoOften] : []),
    ),
    ...change.with({
      ':scheduled': CLAIMABLE,
      ':now': now,
      ...(limited ? { ':attempts': attempts } : {}),
    }),
  };
}
