import type { Context } from './context.ts';
import { type Instant, toIso } from './instant.ts';
import type { Run, RunState } from './run.ts';
import type { Schedule } from './schedules.ts';
import { defaultName, isScheduled } from './state.ts';
import { decidedTransition } from './transition.ts';

/**
 * Late runs of a schedule, applied at the claim: no timer moves a run, the one who would claim it late
 * finds it too late.
 *
 * | policy | its run is too late from | unless |
 * |---|---|---|
 * | all | never | |
 * | latest | the time of the next one | no later one is there: its schedule was changed, or is behind |
 * | skip | its own time and the grace | |
 *
 * It goes for the first start alone: the condition of a claim knows that time (`skipFrom`), and the
 * first state after the one it was made with forgets it. So a retry, a recovery, or somebody who
 * schedules it again, is not too late.
 */
export interface LateTerms {
  readonly skipFrom: Instant;
  /** The run of the next time. */
  readonly unlessMissing?: string;
}

export function lateTerms(
  { latePolicy, lateGrace }: Schedule,
  time: Instant,
  next: { readonly time: Instant; readonly runId: string } | undefined,
): LateTerms | undefined {
  if (latePolicy === 'skip') return { skipFrom: time + lateGrace };
  if (latePolicy !== 'latest' || !next) return undefined;
  return { skipFrom: next.time, unlessMissing: next.runId };
}

/** It waits, and would be skipped if another one is there. */
export const isLate = ({ late, claim, stateType }: Run, now: Instant): boolean =>
  late !== undefined && late.skipFrom <= now && !claim && isScheduled(stateType);

/** Why this run is not started any more; undefined: it is in time, or there is no later one. */
export async function tooLate(
  { store, now }: Pick<Context, 'store' | 'now'>,
  run: Run,
): Promise<Reason | undefined> {
  const { late, expectedAt } = run;
  if (!late || late.skipFrom > now()) return undefined;
  if (late.unlessMissing === undefined) {
    return text(`it was due at ${toIso(expectedAt)}, to start by ${toIso(late.skipFrom)}`);
  }
  if (!(await store.readRun(late.unlessMissing)) && !(await passedOver(store, run)))
    return undefined;
  return text(`the next run of its schedule was due at ${toIso(late.skipFrom)}`);
}

/** The scheduler was behind, and made up for a later time than the next one. */
async function passedOver(
  store: Context['store'],
  { late, madeBy, deploymentId, deploymentGeneration }: Run,
): Promise<boolean> {
  const visit = await store.readVisit(deploymentId ?? '');
  if (!late || !madeBy || visit?.generation !== deploymentGeneration) return false;
  return (visit?.until[madeBy.scheduleId] ?? 0) >= late.skipFrom;
}

type Reason = { readonly text: string };
const text = (reason: string): Reason => ({ text: `Skipped, for it is too late: ${reason}.` });

/** Cancels a waiting run that is too late. False: it is not, or it has moved on. */
export async function skipIfTooLate(context: Context, run: Run): Promise<boolean> {
  const message = await tooLate(context, run);
  if (!message) return false;
  const type = 'CANCELLED';
  const { newId, now, store } = context;
  const state: RunState = { id: newId(), type, name: defaultName(type), at: now(), message };
  const to = decidedTransition(run, state, { kind: 'keep' });
  return (await store.transition(to, { kind: 'decided', run })).done;
}
