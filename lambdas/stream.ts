import type { Context } from '../core/context.ts';
import { tellFailure } from '../core/failures.ts';
import { type StateChange, stateChanges } from '../core/states/state-changes.ts';
import { runName } from '../model/runs/run-name.ts';
import { MINUTE, toIso } from '../model/values/instant.ts';
import type { BusEvent, PutEvents } from '../store/stream/event-bus.ts';
import { goneRunOf, runsOf, type StreamRecord } from '../store/stream/stream-record.ts';

export interface StreamEvent {
  readonly Records: readonly StreamRecord[];
}

/** Lambda retries from the first of these records on. */
export interface StreamAnswer {
  readonly batchItemFailures: ReadonlyArray<{ readonly itemIdentifier: string }>;
}

/**
 * Sends each state that a run enters as an event, in order for each run, and deletes what an
 * expired run leaves behind. On a failure, Lambda retries from that record on, so an event may be
 * sent twice, with the same `detail.id`. A record that keeps failing ends in the on-failure queue
 * and holds up nothing.
 */
export const stream =
  (context: StreamContext, putEvents: PutEvents | undefined, stack: string) =>
  async ({ Records: records }: StreamEvent): Promise<StreamAnswer> => {
    const tell = putEvents ? tellChanges(context, records, putEvents, stack) : undefined;
    const failures = [await forgetGone(context, records), await tell].flatMap((at) => at ?? []);
    if (failures.length === 0) return { batchItemFailures: [] };
    const first = records[Math.min(...failures)]?.dynamodb?.SequenceNumber ?? '';
    return { batchItemFailures: [{ itemIdentifier: first }] };
  };

type StreamContext = Pick<Context, 'log' | 'now' | 'count'> & {
  readonly store: Pick<Context['store'], 'forgetRun'>;
};

/** The index of the first record that failed. */
type Failure = number | undefined;

/** A concurrent create of the same run saves its payloads less than this before the run. */
const SAVED_LATELY = 10 * MINUTE;

async function forgetGone(
  context: StreamContext,
  records: readonly StreamRecord[],
): Promise<Failure> {
  const { log, now, store } = context;
  for (const [at, record] of records.entries()) {
    const gone = readable(context, () => goneRunOf(record));
    if (!gone) continue;
    try {
      await store.forgetRun(gone, now() - SAVED_LATELY);
    } catch (error) {
      log({ level: 'error', message: 'cannot delete what an expired run left behind', error });
      return at;
    }
  }
  return undefined;
}

async function tellChanges(
  context: StreamContext,
  records: readonly StreamRecord[],
  putEvents: PutEvents,
  stack: string,
): Promise<Failure> {
  const events = records.flatMap((record, at) =>
    changesOf(context, record).map((change) => ({ at, event: toEvent(change, stack) })),
  );
  const { put, error } = await putEvents(events.map(({ event }) => event));
  if (error) context.log({ level: 'error', message: 'cannot send events', error });
  return events[put]?.at;
}

function changesOf(context: StreamContext, record: StreamRecord): StateChange[] {
  const runs = readable(context, () => runsOf(record));
  return runs ? stateChanges(runs.before, runs.after) : [];
}

/**
 * A record that cannot be read never will be: it is counted, which raises an alarm, and skipped.
 */
function readable<What>(context: StreamContext, read: () => What | undefined): What | undefined {
  try {
    return read();
  } catch (error) {
    tellFailure(context, 'recovery_failures', error);
    return undefined;
  }
}

/**
 * Documented in docs/operations.md. A `version` may gain fields, but no field changes its meaning.
 */
function toEvent({ run, state, before }: StateChange, stack: string): BusEvent {
  const shape = ({ id, type, name, at }: StateChange['state']) => ({
    id,
    type,
    name,
    timestamp: toIso(at),
  });
  return {
    type: 'Flow Run State Change',
    time: new Date(state.at / 1000),
    detail: JSON.stringify({
      version: 1,
      id: state.id,
      stack,
      flow_run: {
        id: run.id,
        name: runName(run),
        flow_id: run.flowId,
        deployment_id: run.deploymentId ?? null,
        work_queue_id: run.queueId ?? null,
        attempt: run.attempt,
        run_count: run.runCount,
        tags: run.tags,
      },
      state: shape(state),
      previous_state: before ? shape(before) : null,
    }),
  };
}
