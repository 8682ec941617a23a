import type { Run, RunState } from '../../../model/runs/run.ts';
import type { StateType } from '../../../model/runs/state.ts';
import type { Instant } from '../../../model/values/instant.ts';
import { NUMBERS } from '../../../model/values/numbers.ts';
import type { ObservedStateSort } from '../../../model/values/sorts.ts';
import type { Context } from '../../context.ts';
import { findHistory } from '../../states/history.ts';
import { withLateness } from '../../states/lateness.ts';

export interface ObservedState {
  readonly type: StateType;
  readonly name: string;
  readonly firstSeen: Instant;
  readonly lastSeen: Instant;
}

interface Wish {
  /** The beginning of a name or of a type, in any case. */
  readonly query?: string | undefined;
  readonly sort: ObservedStateSort;
  readonly limit: number;
}

/**
 * Which states there are, by type and name, and since when. No record lists them, so the histories
 * of the latest NUMBERS.observedRuns runs are read, and of as many task runs.
 */
export async function observedStates(
  context: Context,
  { query, sort, limit }: Wish,
): Promise<ObservedState[]> {
  const [ofRuns, ofTaskRuns] = await Promise.all([runStates(context), taskRunStates(context)]);
  const found = new Map<string, ObservedState>();
  for (const { type, name, at } of [...ofRuns, ...ofTaskRuns]) {
    const key = `${type} ${name}`;
    const { firstSeen = at, lastSeen = at } = found.get(key) ?? {};
    const seen = { firstSeen: Math.min(firstSeen, at), lastSeen: Math.max(lastSeen, at) };
    found.set(key, { type, name, ...seen });
  }
  const start = query?.trim().toLowerCase() ?? '';
  const hasIt = (text: string) => text.toLowerCase().startsWith(start);
  const wanted = [...found].filter(([, { type, name }]) => hasIt(type) || hasIt(name));
  const ordered = wanted.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, state]) => state);
  if (sort === 'LAST_SEEN_DESC') ordered.sort((a, b) => b.lastSeen - a.lastSeen);
  return ordered.slice(0, limit);
}

async function runStates(context: Context): Promise<RunState[]> {
  const { store } = context;
  const runs = await store.readRuns(await latest(store.listRuns));
  return (await Promise.all(runs.map((run) => statesOfRun(context, run)))).flat();
}

async function statesOfRun(context: Context, run: Run): Promise<RunState[]> {
  const moved = run.movedStates > 0 ? await findHistory(context, run.id) : undefined;
  const states = moved?.states ?? run.states;
  return [...states, ...states.slice(-1).map((state) => withLateness(state, context.now()))];
}

/** Those of task runs that track a subflow are the states of the subflow. */
async function taskRunStates({ store }: Context): Promise<RunState[]> {
  const found = await store.readTaskRuns(await latest(store.listTaskRuns));
  return found.flatMap(({ taskRun, childRunIds }) =>
    childRunIds.length > 0 ? [] : [...taskRun.earlier, taskRun.state],
  );
}

async function latest(list: Context['store']['listTaskRuns']): Promise<string[]> {
  const { entries } = await list({ limit: NUMBERS.observedRuns });
  return entries.map(({ runId }) => runId);
}
