/**
 * Every condition of every write, as a sentence. What a write may do is decided by the database, on
 * the item as it is at that moment; nothing decides on anything read before.
 */

/** THE claim. Two agents may try at once: the first write finds this true, any later one does not. */
export const nobodyHoldsIt = 'attribute_not_exists(claimedBy)';
export const itIsScheduled = 'stateType = :scheduled';
export const itsTimeHasCome = 'scheduledAt <= :now';

/** The fence: this very claim is the current one. A session that lost it has another secret. */
export const thisClaimIsCurrent = 'claimSecret = :secret AND attempt = :attempt';
/** Nothing has changed since the decision: every change of state has a new id. */
export const theStateIsTheOneRead = 'stateId = :readStateId';
export const theStateIsOneOf = (values: readonly string[]): string =>
  `stateType IN (${values.join(', ')})`;
/** The same transition_id sent again must find its answer, not act again. */
export const notAnsweredBefore = 'NOT contains(stateIds, :stateId)';
/** No retry is left to grant, so that FAILED is what it will be. */
export const retriesAreUsedUp = '(attribute_not_exists(retries) OR runCount > retries)';
/** A long history is cut by a write that has read it. */
export const historyIsShort = 'size(states) < :statesBlindly';

/** Nothing is there yet: create once. */
export const itIsNew = 'attribute_not_exists(pk)';
export const itExists = 'attribute_exists(pk)';

/** A deployment is overwritten one after the other, so that every overwrite has its generation. */
export const itIsOfTheGenerationBefore = 'generation = :before';

export const theSessionIsOpen = 'attribute_exists(pk) AND attribute_not_exists(endedAt)';
/** Nobody renewed it since it was found lapsed: a late heartbeat wins, or loses, never half. */
export const theLeaseIsTheOneSeen = 'leaseExpiresAt = :lease';
/** A worker's name belongs to one session at a time; its own restart may take it over. */
export const theNameIsFree =
  '(attribute_not_exists(pk) OR sessionId = :me OR sessionId = :predecessor)';
export const theNameIsMine = 'sessionId = :me';

export const allOf = (...conditions: string[]): string => conditions.join(' AND ');
