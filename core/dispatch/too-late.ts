import type { Run } from '../../model/runs/run.ts';
import { isScheduled } from '../../model/runs/state.ts';
import { type Instant, toIso } from '../../model/values/instant.ts';
import type { Context } from '../context.ts';
import { cancelWaitingRun } from '../states/cancel-waiting-run.ts';

/**
 * Whether a waiting run may be too late to start; tooLate() decides it (table: model/runs/run.ts).
 */
export const isLate = ({ late, claim, stateType }: Run, now: Instant): boolean =>
  late !== undefined && late.skipFrom <= now && !claim && isScheduled(stateType);

/**
 * Why this run is too late to start; `undefined` if it is in time, or if there is no later run of
 * its schedule.
 */
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

/**
 * Whether the scheduler was behind and skipped the next run, because it had already created runs
 * for a later time.
 */
async function passedOver(
  store: Context['store'],
  { late, madeBy, deploymentId, deploymentGeneration }: Run,
): Promise<boolean> {
  const visit = await store.readVisit(deploymentId ?? '');
  if (!late || !madeBy || visit?.generation !== deploymentGeneration) return false;
  return (visit?.until[madeBy.scheduleId] ?? 0) >= late.skipFrom;
}

type Reason = { readonly text: string };
const text = (reason: string): Reason => ({ text: `Skipped because it is too late: ${reason}.` });

/** Cancels a waiting run that is too late. False: it is not too late, or its state has changed. */
export async function skipIfTooLate(context: Context, run: Run): Promise<boolean> {
  const reason = await tooLate(context, run);
  // Once: a run that has changed since may have another time to start at.
  return reason !== undefined && cancelWaitingRun(context, run, reason.text, 1);
}
