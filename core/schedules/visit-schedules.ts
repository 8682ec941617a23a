import { activeSchedules, type Deployment } from '../../model/deployments.ts';
import type { Schedule, Visit } from '../../model/schedules.ts';
import { type Instant, MINUTE } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { tellFailure } from '../failures.ts';
import { clearScheduledRuns } from './clear-runs.ts';
import { makeScheduledRuns } from './make-runs.ts';
import { type Plan, plan } from './plan.ts';

/**
 * Makes the runs that the schedules of a deployment are to have by now. Two may do this at once, and
 * one that did it an hour ago may do it again:
 *
 *   1  the visit and the deployment, read consistently: of one generation, or nothing is done
 *   2  runs of former generations that are still to come are taken back (twice: an index lags)
 *   3  the runs of the plan: ids follow from schedule, generation and time, so each is made once; in
 *      a transaction with the visit's generation, so none is made of a schedule that has changed
 *   4  the visit moves on, on condition that it is the one read. Not written: the next one does 3 again
 *
 * 'changed': it is another one's turn.
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
  // Read in between: the change wrote a visit of its own.
  const { generation = visit.generation, schedules = [] } = deployment ?? {};
  if (generation !== visit.generation && schedules.length > 0) return 'changed';

  const clearedAt = await clear(context, visit, generation, now);
  const until: Record<string, Instant> = {};
  const looks = clearedAt < settled(visit) ? [settled(visit)] : [];
  for (const schedule of deployment ? activeSchedules(deployment) : []) {
    const made = await make(context, deployment as Deployment, schedule, visit, now);
    if (made === 'outrun') return 'changed';
    until[schedule.id] = made.until;
    if (made.visitAt !== undefined) looks.push(made.visitAt);
  }
  const next =
    looks.length > 0 ? { ...visit, at: Math.min(...looks), until, clearedAt } : undefined;
  return (await store.moveVisit(visit, next)) ? 'visited' : 'changed';
}

/** When the index surely shows all that was made before the change. */
const settled = ({ since }: Visit): Instant => since + NUMBERS.indexSettles;

/** Returns when it was done last: now, or before, if that was late enough. */
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

/** What keeps one schedule from its runs keeps none of the others: it is tried again in a minute. */
async function make(
  context: Context,
  deployment: Deployment,
  schedule: Schedule,
  { since, until: untils }: Visit,
  now: Instant,
): Promise<Pick<Plan, 'until' | 'visitAt'> | 'outrun'> {
  const until = untils[schedule.id] ?? since;
  try {
    const planned = plan(schedule, until, now);
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
