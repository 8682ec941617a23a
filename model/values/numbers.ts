import { DAY, HOUR, MINUTE, SECOND } from './instant.ts';

/** Every number that bounds something, with its reason. */
export const NUMBERS = {
  /** Runs that one claim call takes at the most, all of them written at once. */
  claimAtMost: 100,
  /** Keys read of a queue at once, and dealt out to claims: 5 read units per 200 runs. */
  deckSize: 200,
  /** A page of a list, where nothing else is asked for: Prefect's. */
  page: 200,
  /** Keys of a queue or a lane that a poll of Prefect's reads at once, and how often it reads on. */
  pollWindow: 1000,
  pagesPerPoll: 20,
  /** As long as they are dealt from before the head of the queue is looked at again. */
  deckKept: SECOND / 2,
  /** Deals one claim takes from a queue that others empty at the same time, before it gives way. */
  dealsPerQueue: 20,
  /** No claim write starts later than this after the session was read: leases outlast it. */
  claimWritesWithin: 10 * SECOND,
  /** Runs one session may hold and tell of in one heartbeat. */
  runsPerSession: 1000,
  /** Tries to decide on a state that keeps changing under our hands, before 503. */
  decisions: 8,

  /** Payloads up to here lie in the run item, larger ones beside it: an item stays under 1 KB. */
  inlineBytes: 256,
  /** Prefect's own bound for parameters. */
  parametersBytes: 512 * 1024,
  /** A state's data: with the rest of its run it must fit a reply. */
  dataBytes: 3 * 1024 * 1024,
  /** Part of a payload or of logs in one item; DynamoDB's bound is 400 KB. */
  chunkBytes: 300 * 1024,
  /** A job template, a schema: in one item with the rest of its record. */
  recordBytes: 300 * 1024,

  /** Labels of a record stand in it. */
  labelsBytes: 16 * 1024,

  /** What a task run took its inputs from stands in it, too. */
  taskInputsBytes: 200 * 1024,

  /** States kept on the run item; a decided transition moves the older half beside it. */
  statesOnItem: 20,
  /** Ids of moved states that are kept, 17 bytes each: longer than any request is under way. */
  earlierIds: 40,
  /** Blind writes stop here, so that a decided one gets to move them. */
  statesBlindly: 30,

  /** Slots of one limit: each is an item of 150 bytes or so, all of them read at a poll. */
  slotsAtMost: 10_000,
  /** Free slots lost in a row to others before a claim leaves the run to them. */
  slotTries: 8,
  /** Keys read of a lane beyond the room that its limit has. */
  laneSpare: 20,
  /** Runs that met a full limit and are moved to their lane, or cancelled, by one call. */
  turnedAtOnce: 100,
  /** A view of what is limited is good for so long, counted from when it was read: to begin writes. */
  limitsViewedWithin: 5 * SECOND,
  /** A claim write that has begun in time, and hangs, is given up after so long. */
  claimWriteLasts: 2 * SECOND,
  /** Slots are given to earlier claims for so long; the next one goes on. */
  settlesFor: 5 * SECOND,
  /** Between the clocks of two Lambdas. */
  clockSkew: SECOND / 2,
  /** Later than any claim under an older view, and any entry of it in an index that is 5 s behind. */
  limitsSettle: 12 * SECOND,

  /** Queues that step back for another one, all in one transaction of at most 100 items. */
  queuesMoved: 90,
  /** Of so many queues created in a pool at once each gets its place: one does, each time. */
  queueTries: 50,
  /** Polls of one process leave one stamp per queue and this long. */
  polledStampEvery: 30 * SECOND,
  /** Queues whose stamps a process remembers, 100 bytes each: who polls more writes more often. */
  polledKept: 20_000,
  /** When a deployment was served last is known for so long. */
  servedKept: 90 * DAY,
  /** Prefect's: a queue is READY for so long after a poll. Two stamps of a process. */
  polledFor: MINUTE,
  /** Waiting runs of a queue that are counted for its metric: who scales needs to know no more. */
  backlogCounted: 1000,
  /** Lease of a session; heartbeats come every third of it. */
  lease: 30 * SECOND,
  /** Prefect's workers beat every 30 s, and are OFFLINE after three missed beats. */
  workerBeat: 30 * SECOND,
  workerBeatsMissed: 3,
  /** One that says it beats more rarely still would be missed too late when it dies. */
  workerBeatAtMost: HOUR,
  /** A session list is good for this long: so late is a lapse noticed by a poll. */
  sessionsCached: 3 * SECOND,
  /** Served heartbeats leave one stamp per pool and this long: it tells an outage from a death. */
  stampEvery: 8 * SECOND,
  /** Dead sessions that a run may outlive, unless its pool says otherwise. */
  maxLosses: 3,
  maxLossesAtMost: 100,
  /** A claim without a sign of being acted on, by a caller whose life nobody sees. */
  claimIdle: 2 * MINUTE,
  /** The longest time that a pool may allow for preparing a run: a week. */
  pendingTimeoutAtMost: 7 * DAY,
  /** A holder has this long to stop a run that is to be cancelled. */
  cancelWithin: 5 * MINUTE,
  /** Ended sessions are looked at with every sweep for so long, and then once per hour. */
  sweptClosely: 5 * MINUTE,
  /** Sessions that are swept at once, and by one poll. */
  sessionsAtOnce: 8,
  /** Writes of one recovery that are under way at once. */
  recoverAtOnce: 20,
  /** Runs that a process remembers what never changes of: some 200 bytes each. */
  runsKnown: 10_000,
  /** Runs that one bulk request creates: Prefect's own bound. */
  createdAtOnce: 100,
  /** A deletion cancels waiting runs for so long; asked again it goes on: within a Lambda's time. */
  cancelsFor: 15 * SECOND,
  /** Runs that one bulk request changes at the most: within a Lambda's time. */
  bulkAtMost: 200,

  /** An ended session is remembered this long, so that a late claim write is found. */
  sessionKept: DAY,
  /** Queue and pool records are reused this long within one Lambda. */
  recordsCached: 2 * SECOND,

  /** How long to wait after an empty claim: nothing there; the pool paused. Hints. */
  retryAfterEmpty: 2 * SECOND,
  retryAfterPaused: 10 * SECOND,
  /** All candidates went to others: there is work, ask again soon. */
  retryAfterContended: SECOND / 5,

  /** Partitions of the listing index per day: 1,000 new runs/s each. */
  timelineShards: 4,
  /** Due runs ahead that an answer to why counts: beyond it a person only needs to know that it is many. */
  whyAhead: 200,
  /** Keys of late runs that are counted at once. */
  lateReads: 1_000,
  /** Runs a filter may read before it has to ask for a narrower question. */
  filterReads: 20_000,
  /** Runs that Prefect's bulk routes take at the most, and intervals that its history has. */
  prefectBulk: 50,
  historyIntervals: 500,
  /** Runs that a filter reads before it looks at them. */
  readAtOnce: 2_000,
  /** Deployments, or flow runs, whose runs a filter looks up one by one: a query each. */
  filterPartitions: 100,
  /** Of a variable's value: Prefect's own bound. */
  variableCharacters: 5_000,
  /** Keys of its pauses that a run remembers, the latest: they are part of its item. */
  pauseKeys: 50,
  /** Pauses of one shard that a sweep ends: the rest is there a minute later. */
  duePauses: 500,
  /** Prefect's: runs of a schedule that are made ahead, and for how long at the most. */
  madeAheadAtLeast: 3,
  madeAheadAtMost: 100,
  madeAheadFor: 100 * DAY,
  /** Missed times of one schedule that a visit makes up for: the next one goes on at once. */
  missedPerVisit: 500,
  /** Runs of a schedule in one transaction, which may have 100 items and 4 MB. */
  scheduledAtOnce: 25,
  /** After a change, runs of the former generation are looked for once more: an index lags behind. */
  indexSettles: 30 * SECOND,
  /** Schedules of one deployment, which stand in its record. */
  schedules: 100,
  /** Prefect's bound of an RRULE: about a year of RDATEs. */
  rruleCharacters: 6_500,
  /** How late a run may start under `skip`, where nobody says otherwise. */
  lateGrace: 5 * MINUTE,
  /** Due deployments of one shard that are read at once, and that are visited at once. */
  dueVisits: 100,
  visitsAtOnce: 4,
  /** One call of the scheduler goes on for so long: the next one comes a minute later. */
  schedulesFor: 40 * SECOND,
  /** Runs that one request makes by hand of a schedule. */
  madeByHand: 1_000,
  /** Prefect's: a lease of slots, where nobody says otherwise. One for a tag, which nobody renews. */
  slotLease: 5 * MINUTE,
  tagSlotLease: 100 * DAY,
  /** Tries to take slots of limits that others take of at the same time, before 423. */
  slotTakes: 50,
  /** Holders of a full limit that are told, those of the longest time. */
  whyHolders: 20,
  /** Days of the dead-letter view that a filter looks into one by one: more than the retention. */
  failedDays: 100,
  /** A reply stops before this: Lambda ends at 6 MB. */
  replyBytes: 4 * 1024 * 1024,
  /** A reply of this size is compressed for who asks for it: under half a millisecond for ten runs. */
  compressedFrom: 16 * 1024,
  /** A final run is deleted this long after it ended; a setting of the stack later on. */
  retention: 90 * DAY,
  /** An API key: who wants one for ever gives it no end. */
  keysValid: 3660 * DAY,
  logsKept: 30 * DAY,
} as const;
