import { CLAIMABLE, isRunning } from '../core/state.ts';
import type { ClaimAttempt, Written } from '../core/store.ts';
import { idBytes, secretBytes } from './binary.ts';
import { allOf, itIsScheduled, itsTimeHasCome, nobodyHoldsIt } from './conditions.ts';
import { type Dynamo, update } from './dynamo.ts';
import { dispatchKey, runKey } from './keys.ts';
import { fromRunItem } from './run-item.ts';
import { toStateEntry } from './state-entry.ts';

/**
 * The claim: one conditional write on the run's own item.
 *
 *        agent A                     the run's item                      agent B
 *        reads the index: run R is READY                reads the index: run R is READY
 *        UpdateItem if nobody holds it ->  claimedBy = A
 *                                          claimedBy = A  <- UpdateItem if nobody holds it
 *        won: token, attempt 1                                           lost: sees A
 *
 * DynamoDB applies the writes to one item one after the other, each with its condition, so at most
 * one of them finds `attribute_not_exists(claimedBy)` true. There is no lock to hold, to renew or to
 * lose. 3 write units: the item, and its move in the dispatch index (delete + insert).
 */
export async function claim(db: Dynamo, attempt: ClaimAttempt): Promise<Written> {
  const { runId, claim: mine, state, now, deadline } = attempt;
  const starts = isRunning(state.type);
  const listed = dispatchKey(runId, { kind: 'claimed', sessionId: mine.sessionId, at: now });
  const inTime = AbortSignal.timeout(Math.max(0, deadline - now) / 1000);
  const input = {
    ConditionExpression: allOf(nobodyHoldsIt, itIsScheduled, itsTimeHasCome),
    UpdateExpression: [
      'SET claimedBy = :me, claimSecret = :secret, claimId = :claimId,',
      'stateType = :type, stateId = :stateId,',
      'stateIds = list_append(stateIds, :stateIds), states = list_append(states, :states),',
      'gsi1pk = :gsi1pk, gsi1sk = :gsi1sk',
      starts ? ', startedAt = if_not_exists(startedAt, :now)' : '',
      'ADD attempt :one',
      starts ? ', runCount :one' : '',
    ].join(' '),
    ExpressionAttributeValues: {
      ':me': idBytes(mine.sessionId),
      ':secret': secretBytes(mine.secret),
      ':claimId': idBytes(mine.claimId),
      ':type': state.type,
      ':stateId': idBytes(state.id),
      ':stateIds': [idBytes(state.id)],
      ':states': [toStateEntry(state)],
      ':gsi1pk': listed?.gsi1pk,
      ':gsi1sk': listed?.gsi1sk,
      ':one': 1,
      ':scheduled': CLAIMABLE,
      ':now': now,
    },
  };
  const written = await update(db, runKey(runId), input, inTime);
  if (written.won) return { won: true, run: fromRunItem(written.item) };
  return { won: false, run: written.item && fromRunItem(written.item) };
}
