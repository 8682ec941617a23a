import type { Run } from '../../model/runs/run.ts';
import { isScheduled } from '../../model/runs/state.ts';
import { type Instant, toIso } from '../../model/values/instant.ts';
import type { Context } from '../context.ts';
import { cancelWaitingRun } from '../states/cancel-waiting-run.ts';

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
  const reason = await tooLate(context, run);
  // Once: a run that has changed since may have another time to start at.
  return reason !== undefined && cancelWaitingRun(context, run, reason.text, 1);
}
