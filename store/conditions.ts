/**
 * Every condition of every write, as a sentence. What a write may do is decided by the database, on
 * the item as it is at that moment; nothing decides on anything read before.
 */

/** THE claim. Two agents may try at once: the first write finds this true, any later one does not. */
export const nobodyHoldsIt = 'attribute_not_exists(claimedBy)';
export const itIsScheduled = 'stateType = :scheduled';
export const itsTimeHasCome = 'scheduledAt <= :now';

/** A run of a schedule that is claimed so late is skipped: see core/dispatch/too-late.ts. */
export const itIsNotTooLate = '(attribute_not_exists(skipFrom) OR skipFrom > :now)';

/** Its slots name the attempt that this claim will be. */
export const itWasClaimedSoOften = 'attempt = :attempts';

/** Labels are merged with those that were read. */
export const theLabelsAreTheOnesRead = 'labels = :readLabels';
export const itHasNoLabels = 'attribute_not_exists(labels)';

/** The fence: this very claim is the current one. A session that lost it has another secret. */
export const thisClaimIsCurrent = 'claimSecret = :secret AND attempt = :attempt';
/** It is the run that is remembered, not another one that was made under its id. */
export const itIsOfThisQueueAndDeployment = 'queueId = :queueId AND deploymentId = :deploymentId';
/** Nothing has changed since the decision: every change of state has a new id. */
export const theStateIsTheOneRead = 'stateId = :readStateId';
/** What holds no slot may be ended without freeing any. */
export const itHoldsNoSlot = 'attribute_not_exists(slots)';
/** A slot granted since it was read would be left behind. */
export const itsSlotsAreTheOnesRead = 'slots = :readSlots';
/** Recovery takes from the dead, and from nobody else. */
export const thisSessionHoldsIt = 'claimedBy = :session';
/** A sign of life that leaves the state alone: a PATCH of pid or labels. */
export const nobodyPatchedIt = 'attribute_not_exists(patchedAt)';
export const thePatchIsTheOneRead = 'patchedAt = :readPatch';
export const theStateIsOneOf = (values: readonly string[]): string =>
  `stateType IN (${values.join(', ')})`;
/** The same transition_id sent again must find its answer, not act again. */
export const notAnsweredBefore = 'NOT contains(stateIds, :stateId)';
/** No retry is left to grant, so that FAILED is what it will be. */
export const retriesAreUsedUp = '(attribute_not_exists(retries) OR runCount > retries)';
/** What resumes is not another run: who counts must have read that. */
export const itIsNotResuming = 'attribute_not_exists(resuming)';
/** A long history is cut by a write that has read it. */
export const historyIsShort = 'size(states) < :statesBlindly';

/** One unit of a limit goes to one claim: the first put finds nothing there. */
export const theSlotIsFree = 'attribute_not_exists(pk)';
/** A claim is decided on this very limit, and so is a change of it: who comes late decides anew. */
export const theLimitIsTheOneRead = 'version = :version';
/** Freed once, or left behind by an operator: a finish never fails for it. */
export const theSlotIsMineOrGone =
  '(attribute_not_exists(pk) OR (runId = :runId AND attempt = :attempt))';
/** It waits where the index showed it. */
export const itIsListedThere = 'gsi1pk = :listed';

/** A lease of slots: who renews it too late has lost it, swept or not. */
export const itHasNotLapsed = '#until > :now';

/** It has not been put off, or paused again. */
export const itIsDueThen = 'gsi1sk = :due';

/** The schedules are those that were read: who plans by former ones makes nothing. */
export const theSchedulesAreTheOnesRead = 'generation = :generation';

/** Of one key the latest is the one that was created last, in whatever order they come. */
export const itIsNoLater = '(attribute_not_exists(latest) OR latest < :mine)';
export const aLaterOneIsThere = 'latest > :mine';
export const theLatestIsTheOneRead = 'latest = :latest';

/** Nothing is there yet: create once. */
export const itIsNew = 'attribute_not_exists(pk)';
export const itExists = 'attribute_exists(pk)';
/** What was deleted and created anew under the same name is another one. */
export const itIsTheOneRead = 'id = :id';
/** Of two queues created at once each would take the same place. Pools of before have no version. */
export const theQueuesAreTheOnesRead =
  '(attribute_not_exists(queuesVersion) OR queuesVersion = :queuesRead)';
/** And no tombstone. */
export const itIsARun = 'attribute_exists(stateId)';
/** A deleted run's id may be used again, by one create. */
export const itIsTheTombstoneRead = 'deleted = :yes AND lastAttempt = :lastAttempt';

/** A deployment is overwritten one after the other, so that every overwrite has its generation. */
export const itIsOfTheGenerationBefore = 'generation = :before';

/** A create of the same run, under its idempotency key, may have saved it just now. */
export const itWasSavedBefore = '(attribute_not_exists(savedAt) OR savedAt < :before)';

/** Of two admin keys that revoke each other one stays. */
export const itIsNotRevoked = 'attribute_exists(pk) AND attribute_not_exists(revokedAt)';

/** Newer code has written newer items: what this code knows is not noted over it. */
export const schemaIsNotNewer = '(attribute_not_exists(version) OR version < :ours)';

export const theSessionIsOpen = 'attribute_exists(pk) AND attribute_not_exists(endedAt)';
/** Nobody renewed it since it was found lapsed: a late heartbeat wins, or loses, never half. */
export const theLeaseIsTheOneSeen = 'leaseExpiresAt = :lease';
/** Requests of agents were served lately: no gap that an outage might have made. */
export const serviceGoesOn = 'lastAt > :gapAgo';
/** Nobody has noted the service that is being noted. */
export const serviceIsOlder = '(attribute_not_exists(pk) OR lastAt <= :gapAgo)';
/** Grace is given once per gap. */
export const theGapIsTheOneSeen = 'lastAt = :gapSince AND graceFor <> :gapSince';
/** A worker's name belongs to one session at a time; its own restart may take it over. */
export const theNameIsFree =
  '(attribute_not_exists(pk) OR sessionId = :me OR sessionId = :predecessor)';
export const theNameIsMine = 'sessionId = :me';

export const allOf = (...conditions: string[]): string => conditions.join(' AND ');
