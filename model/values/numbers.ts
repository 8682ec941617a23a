import { OF_BODIES } from './body-numbers.ts';
import { BYTES } from './bytes.ts';
import { DAY, HOUR, MINUTE, SECOND } from './instant.ts';
import { OF_SCHEDULES } from './schedule-numbers.ts';

/**
 * Every number that bounds something: what it bounds, in which unit, and why it has that value.
 * Times are in microseconds (instant.ts) unless the comment names another unit.
 */
export const NUMBERS = {
  ...BYTES,
  ...OF_BODIES,
  ...OF_SCHEDULES,

  /** Steps of about a microsecond that the check of one value against its schema may take. */
  checkSteps: 1_000_000,
  /** Most variables that the parameters of one run may name. Each is read by itself. */
  variablesNamed: 100,
  /** Most runs that one claim request may take. Their claims are all written at once. */
  claimAtMost: 100,
  /**
   * Most keys of a queue that are read at once, to be dealt out to claims: 5 read units per 200.
   */
  deckSize: 200,
  /** Most runs that a poll of Prefect's gets if it names no limit. Prefect's default. */
  page: 200,
  /** Most keys of a queue or a lane that a poll by Prefect's clients reads at once. */
  pollWindow: 1000,
  /** Most windows that such a poll reads, one after the other. */
  pagesPerPoll: 20,
  /** How long claims are dealt keys that were read, before the head of the queue is read again. */
  deckKept: SECOND / 2,
  /**
   * Most deals that one claim request takes from a queue that other claims empty at the same time.
   */
  dealsPerQueue: 20,
  /** No claim write starts later than this after the session was read. Shorter than a lease. */
  claimWritesWithin: 10 * SECOND,
  /** Most runs that one session may hold and name in one heartbeat. */
  runsPerSession: 1000,
  /** Attempts to decide on a record that other writers keep changing, before the answer is 503. */
  decisions: 8,

  /**
   * From this many states on the run's item, a decided transition moves the older half beside it.
   */
  statesOnItem: 20,
  /**
   * Ids of moved states that the run's item keeps, 17 bytes each, so that a repeated proposal is
   * recognized. That covers a longer time than any request takes.
   */
  earlierIds: 40,
  /** At this many states a blind write is refused, so that a decided one moves the older ones. */
  statesBlindly: 30,

  /** UTF-16 units of a state's name, of a tag, and of other short texts. Longer ones are cut. */
  stateName: 200,
  tag: 250,
  shortText: 1_000,
  /** UTF-16 units of a description. Longer ones are cut. */
  longText: 20_000,

  /**
   * Most slots that one limit may have. Each is an item of about 150 bytes, and a poll reads them
   * all.
   */
  slotsAtMost: 10_000,
  /** Most attempts of a claim to get slots for one run, when other claims take them first. */
  slotTries: 8,
  /**
   * Keys read of a lane beyond its free slots, because a lagging index still lists claimed runs.
   */
  laneSpare: 20,
  /**
   * Most runs that met a full limit that one request moves to their lane, and most that it cancels.
   */
  turnedAtOnce: 100,
  /**
   * How long after its records were read a claim write may still begin: it relies on their limits.
   */
  limitsViewedWithin: 5 * SECOND,
  /** A claim write that began in time but hangs is given up after this. */
  claimWriteLasts: 2 * SECOND,
  /** How long one request gives slots to earlier claims; the next request continues. */
  settlesFor: 5 * SECOND,
  /** Assumed difference between the clocks of two Lambdas. */
  clockSkew: SECOND / 2,
  /**
   * How long a first limit admits nothing. By then every claim is written that began before the
   * limit was known (limitsViewedWithin + claimWriteLasts = 7 s), and an index that lags by 5 s
   * lists it.
   */
  limitsSettle: 12 * SECOND,

  /** Most queues that move back to make room for another: one transaction has at most 100 items. */
  queuesMoved: 90,
  /**
   * Attempts to write the order of a pool's queues. Of several writers at once one succeeds in each
   * round, so up to this many queues that are created at once all get their place.
   */
  queueTries: 50,
  /** Polls of one process write one stamp per queue in this time. */
  polledStampEvery: 30 * SECOND,
  /**
   * Queues whose last stamp a process remembers, 100 bytes each. A process that polls more queues
   * writes stamps more often.
   */
  polledKept: 20_000,
  /** How long the time at which a deployment was last served is kept. */
  servedKept: 90 * DAY,
  /** A queue is READY for this long after a poll. Prefect's value; twice polledStampEvery. */
  polledFor: MINUTE,
  /** Waiting runs that are counted per queue for its metric. Scaling needs no larger number. */
  backlogCounted: 1000,
  /** How long a session's lease lasts. Its heartbeats come every third of that. */
  lease: 30 * SECOND,
  /** Prefect's workers send a heartbeat every 30 s, and are OFFLINE after three missed ones. */
  workerBeat: 30 * SECOND,
  workerBeatsMissed: 3,
  /**
   * Longest heartbeat interval of a worker. With a longer one its death would be noticed too late.
   */
  workerBeatAtMost: HOUR,
  /** How long a session list may be reused, so how late a poll may notice an expired lease. */
  sessionsCached: 3 * SECOND,
  /** Heartbeats served in this time write one stamp per pool: it tells an outage from a death. */
  stampEvery: 8 * SECOND,
  /** After this many lost sessions a run is CRASHED, unless its pool sets another number. */
  maxLosses: 3,
  /** The largest number that a pool may set. */
  maxLossesAtMost: 100,
  /**
   * How long a run may stay PENDING without a sign that its claimant acts on the claim, if the
   * server cannot see whether the claimant is alive.
   */
  claimIdle: 2 * MINUTE,
  /** The longest pending_timeout that a pool may set: a week. */
  pendingTimeoutAtMost: 7 * DAY,
  /** How long a holder has to stop a run that is to be cancelled. */
  cancelWithin: 5 * MINUTE,
  /**
   * Every sweep looks at a session that ended less than this ago; after that, one sweep an hour.
   */
  sweptClosely: 5 * MINUTE,
  /** Most sessions that are swept at once, and most that one poll sweeps. */
  sessionsAtOnce: 8,
  /** Most runs that recoveries and bulk changes read and write at once. */
  recoverAtOnce: 20,
  /** Runs of which a process remembers the fields that never change, about 200 bytes each. */
  runsKnown: 10_000,
  /** Batches of log lines of which a process remembers where they are, about 200 bytes each. */
  logEntriesKnown: 200_000,
  /** Most runs that one bulk request may create. Prefect's bound. */
  createdAtOnce: 100,
  /**
   * How long a deletion goes on cancelling waiting runs, so that it fits a Lambda's time. A
   * repeated request continues.
   */
  cancelsFor: 15 * SECOND,
  /** Most runs that one bulk request may change, so that it fits a Lambda's time. */
  bulkAtMost: 200,

  /** How long an ended session is remembered, so that a claim written late is found. */
  sessionKept: DAY,
  /** How long a Lambda reuses the records of pools, queues, deployments and API keys. */
  recordsCached: 2 * SECOND,

  /** A hint: when to claim again after a claim that found no waiting run. */
  retryAfterEmpty: 2 * SECOND,
  /** A hint: when to claim again while the pool is paused or the agent draining. */
  retryAfterPaused: 10 * SECOND,
  /** A hint: other claims took all candidates, so there is work and an early retry is worth it. */
  retryAfterContended: SECOND / 5,

  /** Partitions per day of the index that lists runs by time: 1,000 new runs per second each. */
  timelineShards: 4,
  /** Waiting runs ahead that are counted to say why a run waits: beyond this, "many" is enough. */
  whyAhead: 200,
  /** Most keys that are read at once to count late runs. */
  lateReads: 1_000,
  /** Most runs that a filter may read; beyond that the answer asks for a narrower filter (422). */
  filterReads: 20_000,
  /** Most runs that one request to Prefect's bulk routes may name or change. */
  prefectBulk: 50,
  /** Most blocks that are shown within one block, and how deep. Prefect goes 50 deep, unbounded. */
  blocksWithin: 100,
  blocksDeep: 20,
  /** Most earlier states that a task run keeps. They are stored in its item. */
  taskRunStates: 50,
  /** Runs, and as many task runs, that are looked at to tell which states there are. */
  observedRuns: 1_000,
  /** Most intervals of a run history. */
  historyIntervals: 500,
  /** Runs that a filter reads in one batch before it applies its criteria. */
  readAtOnce: 2_000,
  /** Most deployments, or flow runs, that a filter looks up one by one: each takes a query. */
  filterPartitions: 100,
  /** Characters of a variable's value, as JSON. Prefect's bound. */
  variableCharacters: 5_000,
  /** UTF-16 units of such a key. A longer one is cut. */
  pauseKey: 200,
  /** Keys of its latest pauses that a run remembers: they are stored in its item. */
  pauseKeys: 50,
  /**
   * Due pauses, and expired leases, per shard that one sweep ends; the next one is a minute later.
   */
  duePauses: 500,
  /** Cancelled runs per shard whose children one sweep looks at; the next one is a minute later. */
  cancellationsSwept: 200,
  /** How long a lease of slots lasts, if the request does not say. Prefect's value. */
  slotLease: 5 * MINUTE,
  /** How long a lease of a tag's slots lasts: nobody renews it. */
  tagSlotLease: 100 * DAY,
  /**
   * Attempts to change limits that others change at the same time. Then a request for slots is
   * answered with 423, any other with 503.
   */
  slotTakes: 50,
  /**
   * Most limits of which one request takes slots. A transaction has at most 100 items, and a limit
   * needs up to three: its count, a lease, and the entry of its holder.
   */
  limitsAtOnce: 33,
  /** Holders of a full limit that are named, longest first. */
  whyHolders: 20,
  /** Days of the dead-letter view that a filter reads one by one: more than the retention. */
  failedDays: 100,
  /** How long after its end a run is deleted. To become a setting of the stack later. */
  retention: 90 * DAY,
  /** Longest validity of an API key. A key that is to be valid forever is given no end. */
  keysValid: 3660 * DAY,
  /** How long logs are kept. */
  logsKept: 30 * DAY,
} as const;
