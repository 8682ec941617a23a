import { activeSchedules, type Deployment } from '../../model/deployments.ts';
import type { Schedule, Visit } from '../../model/schedules.ts';
import { DibsError } from '../../model/values/errors.ts';
import { type Instant, MINUTE } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { tellFailure } from '../failures.ts';
import { clearScheduledRuns } from './clear-runs.ts';
import { makeScheduledRuns } from './make-runs.ts';
import { type Plan, plan } from './plan.ts';
import { setAside } from './set-aside.ts';

/**
 * Creates the runs that the schedules of a deployment should have by now. Two processes may do this
 * at the same time, and a process that is an hour late may repeat it:
 *
 *   1  read the visit and the deployment consistently; if their generations differ, do nothing
 *   2  delete future runs of former generations (done twice, because the index lags)
 *   3  create the runs of the plan. Their ids follow from schedule, generation and time, so each is
 *      created once. They are created in a transaction with a check of the visit's generation, so no
 *      run of a changed schedule is created
 *   4  write the next visit, on condition that this one has not changed. If this fails, the next visit
 *      repeats step 3
 *
 * @returns 'changed' if the deployment or its visit changed in the meantime: another visit follows
 */
export async function visitSchedules(
  context: Context,
  deploymentId: string,
): Promise<'visited' | 'not due' | 'changed'> {
  const { store } = context;
  const visit = await store.readVisit(deploymentId);
  const now = context.now();
  if (!visit || visit.at > now) return 'not due';
  const [deployment] = await store.readDeployments([deploymentId]);
  // The deployment changed between the two reads. The change wrote a visit of its own.
  const { generation = visit.generation, schedules = [] } = deployment ?? {};
  if (generation !== visit.generation && schedules.length > 0) return 'changed';

  const clearedAt = await clear(context, visit, generation, now);
  const until: Record<string, Instant> = {};
  const looks = clearedAt < settled(visit) ? [settled(visit)] : [];
  const aside = new Map<string, string>();
  for (const schedule of deployment ? activeSchedules(deployment) : []) {
    const made = await make(context, deployment as Deployment, schedule, { visit, now });
    if (made === 'outrun') return 'changed';
    if ('aside' in made) {
      aside.set(schedule.id, made.aside);
      continue;
    }
    until[schedule.id] = made.until;
    if (made.visitAt !== undefined) looks.push(made.visitAt);
  }
  if (deployment && aside.size > 0) {
    await setAside(context, deployment, aside, now);
    return 'changed';
  }
  const next =
    looks.length > 0 ? { ...visit, at: Math.min(...looks), until, clearedAt } : undefined;
  return (await store.moveVisit(visit, next)) ? 'visited' : 'changed';
}

/** The time from which the index certainly shows all runs that were created before the change. */
const settled = ({ since }: Visit): Instant => since + NUMBERS.indexSettles;

/**
 * Deletes future runs of former generations, unless an earlier visit did so late enough. Returns
 * when this was last done.
 */
async function clear(
  context: Context,
  visit: Visit,
  generation: number,
  now: Instant,
): Promise<Instant> {
  const { deploymentId: id, since, clearedAt } = visit;
  if (clearedAt !== undefined && clearedAt >= settled(visit)) return clearedAt;
  await clearScheduledRuns(context, { id, generation }, since);
  return now;
}

/**
 * Creates the runs of one schedule. An error does not affect the others; it is retried in a minute,
 * unless it is the rule that has it: then the answer is why.
 */
async function make(
  context: Context,
  deployment: Deployment,
  schedule: Schedule,
  { visit, now }: { visit: Visit; now: Instant },
): Promise<Pick<Plan, 'until' | 'visitAt'> | 'outrun' | { readonly aside: string }> {
  const until = visit.until[schedule.id] ?? visit.since;
  let planned: Plan;
  try {
    planned = plan(schedule, until, now);
  } catch (error) {
    tellFailure(context, 'scheduling_failures', error);
    if (!(error instanceof DibsError)) return { until, visitAt: now + MINUTE };
    return { aside: error.message };
  }
  try {
    const dues = planned.times.map((time, i) => ({ time, next: planned.nexts[i] }));
    const runs = await makeScheduledRuns(context, deployment, schedule, dues);
    const { id, generation } = deployment;
    const made = await context.store.createScheduledRuns({ deploymentId: id, generation, runs });
    if (made === 'outrun') return 'outrun';
    context.count('scheduled', runs.length);
    return planned;
  } catch (error) {
    tellFailure(context, 'scheduling_failures', error);
    return { until, visitAt: now + MINUTE };
  }
}
