import type { Context } from '../core/context.ts';
import { toIso } from '../core/instant.ts';
import { runName } from '../core/run-name.ts';
import { type StateChange, stateChanges } from '../core/state-changes.ts';
import type { BusEvent, PutEvents } from '../store/event-bus.ts';
import { runsOf, type StreamRecord } from '../store/stream-record.ts';

export interface StreamEvent {
  readonly Records: readonly StreamRecord[];
}

/** Lambda goes on from the first of these. */
export interface StreamAnswer {
  readonly batchItemFailures: ReadonlyArray<{ readonly itemIdentifier: string }>;
}

/**
 * Tells each state that a run enters as an event, in the order of each run. What cannot be told is tried
 * again from there on, so an event may come twice, with the same `detail.id`; what cannot be told at all
 * ends in the on-failure queue, and holds up nothing.
 */
export const stream =
  ({ log }: Pick<Context, 'log'>, putEvents: PutEvents, stack: string) =>
  async ({ Records: records }: StreamEvent): Promise<StreamAnswer> => {
    const failed = (at: number): StreamAnswer => ({
      batchItemFailures: [{ itemIdentifier: records[at]?.dynamodb?.SequenceNumber ?? '' }],
    });
    const events: { at: number; event: BusEvent }[] = [];
    let unreadable: number | undefined;
    for (const [at, record] of records.entries()) {
      try {
        const runs = runsOf(record);
        const changes = runs ? stateChanges(runs.before, runs.after) : [];
        events.push(...changes.map((change) => ({ at, event: toEvent(change, stack) })));
      } catch (error) {
        log({ level: 'error', message: 'a record of the stream cannot be read', error });
        unreadable = at;
        break;
      }
    }
    try {
      const put = await putEvents(events.map(({ event }) => event));
      const first = events[put];
      if (first) return failed(first.at);
    } catch (error) {
      log({ level: 'error', message: 'events cannot be told', error });
      return failed(events[0]?.at ?? 0);
    }
    return unreadable === undefined ? { batchItemFailures: [] } : failed(unreadable);
  };

/** docs/operations.md documents it. A field may be added; none changes its meaning under one `version`. */
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
