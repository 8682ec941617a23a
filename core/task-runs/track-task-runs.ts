import { currentState, type Run, type RunState } from '../../model/runs/run.ts';
import { endedAt, timeRunning } from '../../model/runs/run-times.ts';
import { isFinal, isRunning, isScheduled } from '../../model/runs/state.ts';
import type { TaskRun, TaskRunFound, TrackedTaskRun } from '../../model/task-runs.ts';
import type { Instant, Micros } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { withLateness } from '../states/lateness.ts';

/** Adds to each task run the subflow that it tracks; the latest one if there are several. */
export async function trackTaskRuns(
  { store }: Context,
  found: readonly TaskRunFound[],
): Promise<TrackedTaskRun[]> {
  const ids = found.flatMap(({ childRunIds }) => childRunIds);
  const runs = new Map((await store.readRuns(ids)).map((run) => [run.id, run]));
  return found.map(({ taskRun, childRunIds }) => {
    const children = childRunIds.flatMap((id) => runs.get(id) ?? []);
    const latest = (a: Run, b: Run) => (b.createdAt > a.createdAt ? b : a);
    return { taskRun, child: children.length > 0 ? children.reduce(latest) : undefined };
  });
}

/**
 * The state in which a task run is shown. For a subflow it is derived from the subflow's state on
 * every read, so that it is stored only once.
 */
export const shownState = ({ taskRun, child }: TrackedTaskRun, now: Instant): RunState =>
  child ? withLateness(currentState(child), now) : taskRun.state;

/** When the task run starts next, started and ended, and how long it has run until `now`. */
export function timesOf({ taskRun, child }: TrackedTaskRun, now: Instant) {
  if (child) {
    const { stateType, scheduledAt, expectedAt, startedAt, ranBefore, states } = child;
    return {
      next: isScheduled(stateType) ? (scheduledAt ?? expectedAt) : null,
      start: startedAt ?? null,
      end: endedAt(child) ?? null,
      ran: ranBefore + timeRunning(states, now),
    };
  }
  const { state, startedAt } = taskRun;
  return {
    next: state.scheduledAt ?? null,
    start: startedAt,
    end: isFinal(state.type) ? state.at : null,
    ran: taskRun.ranBefore + timeRunning([state], now),
  };
}

/** By how many microseconds it started late, or is late by now. */
export function lateBy(tracked: TrackedTaskRun, now: Instant): Micros {
  const { expectedAt } = tracked.taskRun;
  const { start } = timesOf(tracked, now);
  const hasEnded = isFinal(shownState(tracked, now).type);
  return Math.max(0, (start ?? (hasEnded ? expectedAt : now)) - expectedAt);
}

/** How often the task run has entered RUNNING. */
export const runCountOf = ({ taskRun, child }: TrackedTaskRun): number =>
  child ? child.runCount : taskRun.runCount;

/** The fields of a task run that change with a new state. */
export function afterState(taskRun: TaskRun, state: RunState): Partial<TaskRun> {
  const runs = isRunning(state.type);
  return {
    state,
    earlier: [...taskRun.earlier, taskRun.state].slice(-NUMBERS.taskRunStates),
    updatedAt: state.at,
    startedAt: taskRun.startedAt ?? (runs || isFinal(state.type) ? state.at : null),
    runCount: taskRun.runCount + (runs ? 1 : 0),
    ranBefore: taskRun.ranBefore + timeRunning([taskRun.state, state], state.at),
  };
}
