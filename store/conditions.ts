/**
 * Every condition of every write, each with a name that reads as a sentence. The database decides
 * what a write may do, on the item as it is at that moment. Nothing is decided on an earlier read
 * alone.
 */

/**
 * THE claim. When two agents try at once, the first write finds this true and any later one does
 * not.
 */
export const nobodyHoldsIt = 'attribute_not_exists(claimedBy)';
export const itIsScheduled = 'stateType = :scheduled';
export const itsTimeHasCome = 'scheduledAt <= :now';

/** A run of a schedule that is claimed too late is skipped: see core/dispatch/too-late.ts. */
export const itIsNotTooLate = '(attribute_not_exists(skipFrom) OR skipFrom > :now)';

/**
 * The slots that the claim takes are written with its attempt number, which must be the next one.
 */
export const itWasClaimedSoOften = 'attempt = :attempts';

/** New labels are merged with those that were read, so those must be unchanged. */
export const theLabelsAreTheOnesRead = 'labels = :readLabels';
export const itHasNoLabels = 'attribute_not_exists(labels)';

/** The fence: this very claim is the current one. A claim that was lost has another secret. */
export const thisClaimIsCurrent = 'claimSecret = :secret AND attempt = :attempt';
/** The run is the one that is remembered, not another one that was created under its id. */
export const itIsOfThisQueueAndDeployment = 'queueId = :queueId AND deploymentId = :deploymentId';
/** The state has not changed since the decision: every change of state has a new id. */
export const theStateIsTheOneRead = 'stateId = :readStateId';
/** The claim of a run that holds no slot can end without freeing any. */
export const itHoldsNoSlot = 'attribute_not_exists(slots)';
/** A slot that was granted after the read would otherwise never be freed. */
export const itsSlotsAreTheOnesRead = 'slots = :readSlots';
/** Recovery takes a run from a dead session, and from no other. */
export const thisSessionHoldsIt = 'claimedBy = :session';
/** A PATCH of pid or labels is a sign of life that leaves the state unchanged. */
export const nobodyPatchedIt = 'attribute_not_exists(patchedAt)';
export const thePatchIsTheOneRead = 'patchedAt = :readPatch';
export const theStateIsOneOf = (values: readonly string[]): string =>
  `stateType IN (${values.join(', ')})`;
/** A request repeated with the same transition_id must get its first answer, not act again. */
export const notAnsweredBefore = 'NOT contains(stateIds, :stateId)';
/** No retry is left, so a proposed FAILED stays FAILED. */
export const retriesAreUsedUp = '(attribute_not_exists(retries) OR runCount > retries)';
/** Resuming does not count as another run; a write that counts runs must have read this. */
export const itIsNotResuming = 'attribute_not_exists(resuming)';
/** Only a write that has read a long history may move the older part of it. */
export const historyIsShort = 'size(states) < :statesBlindly';

/** One slot goes to one claim: only the first put finds nothing there. */
export const theSlotIsFree = 'attribute_not_exists(pk)';
/** Claims and changes of a limit are decided on one version: if it has changed, decide again. */
export const theLimitIsTheOneRead = 'version = :version';
/** The slot was freed already, or an operator freed it: a finish never fails because of that. */
export const theSlotIsMineOrGone =
  '(attribute_not_exists(pk) OR (runId = :runId AND attempt = :attempt))';
/** The run still waits where the index listed it. */
export const itIsListedThere = 'gsi1pk = :listed';

/** A lease of slots that is renewed too late is lost, whether it was swept or not. */
export const itHasNotLapsed = '#until > :now';

/** The time it is due has not been moved, and the run has not paused again. */
export const itIsDueThen = 'gsi1sk = :due';

/** The schedules are the ones that were read: a plan made from earlier ones creates nothing. */
export const theSchedulesAreTheOnesRead = 'generation = :generation';

/** The latest artifact of a key is the one created last, in whatever order the writes arrive. */
export const itIsNoLater = '(attribute_not_exists(latest) OR latest < :mine)';
export const aLaterOneIsThere = 'latest > :mine';
export const theLatestIsTheOneRead = 'latest = :latest';

/** Nothing exists under this key: it is created once. */
export const itIsNew = 'attribute_not_exists(pk)';
export const itExists = 'attribute_exists(pk)';
/** A record that was deleted and created again under the same name is a different one. */
export const itIsTheOneRead = 'id = :id';
/**
 * Without this, two queues created at once would get the same place. Pools written by older
 * versions have no queuesVersion.
 */
export const theQueuesAreTheOnesRead =
  '(attribute_not_exists(queuesVersion) OR queuesVersion = :queuesRead)';
/** It is a run, and not a tombstone. */
export const itIsARun = 'attribute_exists(stateId)';
/** The id of a deleted run may be used again, by one create. */
export const itIsTheTombstoneRead = 'deleted = :yes AND lastAttempt = :lastAttempt';

/** Overwrites happen one after the other, so that each gets a generation of its own. */
export const itIsOfTheGenerationBefore = 'generation = :before';

/** A concurrent create of the same run, by its idempotency key, may just have saved it. */
export const itWasSavedBefore = '(attribute_not_exists(savedAt) OR savedAt < :before)';

/** If two admin keys revoke each other at once, one of them stays valid. */
export const itIsNotRevoked = 'attribute_exists(pk) AND attribute_not_exists(revokedAt)';

/** Newer code may have recorded a newer version, which older code must not overwrite. */
export const schemaIsNotNewer = '(attribute_not_exists(version) OR version < :ours)';

export const theSessionIsOpen = 'attribute_exists(pk) AND attribute_not_exists(endedAt)';
/** Nobody renewed the lease since it was found expired: a late heartbeat either wins or loses. */
export const theLeaseIsTheOneSeen = 'leaseExpiresAt = :lease';
/** A request was served recently: there is no gap that could be an outage. */
export const serviceGoesOn = 'lastAt > :gapAgo';
/** No other request has ended this gap in service. */
export const serviceIsOlder = '(attribute_not_exists(pk) OR lastAt <= :gapAgo)';
/** Grace is granted once per gap. */
export const theGapIsTheOneSeen = 'lastAt = :gapSince AND graceFor <> :gapSince';
/** A worker's name belongs to one session at a time; its own restart may take the name over. */
export const theNameIsFree =
  '(attribute_not_exists(pk) OR sessionId = :me OR sessionId = :predecessor)';
export const theNameIsMine = 'sessionId = :me';

export const allOf = (...conditions: string[]): string => conditions.join(' AND ');
