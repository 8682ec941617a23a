import { listedAt } from '../model/runs/run.ts';
import type { Scheduled, ScheduleStore, Visit } from '../model/schedules.ts';
import { dayOf, type Instant } from '../model/values/instant.ts';
import { NUMBERS } from '../model/values/numbers.ts';
import { allOf, itIsDueThen, itIsNew, theSchedulesAreTheOnesRead } from './conditions.ts';
import { bound } from './dynamo/bound.ts';
import type { Dynamo } from './dynamo/dynamo.ts';
import { batchGet, get } from './dynamo/read.ts';
import { type TransactItem, transact } from './dynamo/transact.ts';
import { put, remove } from './dynamo/write.ts';
import type { Days } from './lists/days.ts';
import { listDue } from './lists/list-due.ts';
import { toRunItem } from './runs/run-item.ts';
import { dueVisitKeys, timeOf, visitPartition } from './table/dispatch-keys.ts';
import { runKey, visitKey } from './table/keys.ts';
import { idOf } from './table/timed-keys.ts';

async function readVisit(db: Dynamo, deploymentId: string): Promise<Visit | undefined> {
  const item = await get(db, visitKey(deploymentId));
  if (!item) return undefined;
  const { pk, sk, gsi1pk, gsi1sk, ...visit } = item;
  return { ...visit, deploymentId, at: timeOf(gsi1sk as string) } as Visit;
}

/** The latest due visits are in this round or the next one: each shard gives its earliest. */
async function listDueVisits(db: Dynamo, now: Instant): Promise<string[]> {
  const due = await listDue(db, visitPartition, now, NUMBERS.dueVisits);
  return due.map((item) => idOf(item['gsi1sk'] as string));
}

async function moveVisit(
  db: Dynamo,
  { deploymentId, at, generation }: Visit,
  to: Visit | undefined,
): Promise<boolean> {
  const condition = allOf(itIsDueThen, theSchedulesAreTheOnesRead);
  const { gsi1sk } = dueVisitKeys(deploymentId, at);
  const values = { ':due': gsi1sk, ':generation': generation };
  const done = to
    ? await put(db, { ...toItem(to) }, { condition, values })
    : await remove(db, visitKey(deploymentId), condition, values);
  return done.won;
}

/** With the deployment it belongs to. */
export const visitWrite = (visit: Visit): TransactItem => ({ Put: { Item: toItem(visit) } });
export const visitDelete = (deploymentId: string): TransactItem => ({
  Delete: { Key: visitKey(deploymentId) },
});

function toItem({ deploymentId, at, ...visit }: Visit) {
  return { ...visitKey(deploymentId), ...dueVisitKeys(deploymentId, at), ...visit };
}

/**
 * 8 write units per run, twice those of a run made by hand, and 2 per transaction: each is made once
 * and under this generation, or not at all.
 */
async function createScheduledRuns(
  db: Dynamo,
  days: Days,
  { deploymentId, generation, runs }: Scheduled,
): Promise<'created' | 'outrun'> {
  const listed = new Set(runs.flatMap((run) => [dayOf(listedAt(run)), dayOf(run.createdAt)]));
  await Promise.all([...listed].map((day) => days.note(day)));
  for (let i = 0; i < runs.length; i += NUMBERS.scheduledAtOnce) {
    const some = runs.slice(i, i + NUMBERS.scheduledAtOnce);
    if ((await createTogether(db, { deploymentId, generation, runs: some })) === 'outrun')
      return 'outrun';
  }
  return 'created';
}

async function createTogether(
  db: Dynamo,
  { deploymentId, generation, runs }: Scheduled,
): Promise<'created' | 'outrun'> {
  const unchanged: TransactItem = {
    ConditionCheck: {
      Key: visitKey(deploymentId),
      ConditionExpression: theSchedulesAreTheOnesRead,
      ExpressionAttributeValues: { ':generation': generation },
    },
  };
  for (let left = runs; left.length > 0; ) {
    const creates = left.map((run) => ({
      Put: { Item: toRunItem(run), ConditionExpression: itIsNew },
    }));
    const done = await transact(db, [unchanged, ...creates]);
    if (done.won) break;
    if (done.at === 0) return 'outrun';
    // That one is there: another scheduler made it, or somebody deleted it. So may others be.
    const found = await batchGet(
      db,
      left.map(({ id }) => runKey(id)),
    );
    const there = new Set(found.map(({ pk }) => pk));
    left = left.filter(({ id }, at) => at !== done.at - 1 && !there.has(runKey(id).pk));
  }
  return 'created';
}

export const scheduleStore = (db: Dynamo, days: Days): ScheduleStore => ({
  ...bound(db, { readVisit, listDueVisits, moveVisit }),
  createScheduledRuns: (scheduled) => createScheduledRuns(db, days, scheduled),
});
