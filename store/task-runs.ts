import { createHash } from 'node:crypto';
import { listedAt, type RunState } from '../model/runs/run.ts';
import type { TaskRun, TaskRunFound, TaskRunStore } from '../model/task-runs.ts';
import { dayOf } from '../model/values/instant.ts';
import { JsonText } from '../model/values/json-text.ts';
import { NUMBERS } from '../model/values/numbers.ts';
import { itIsNew, theStateIsTheOneRead } from './conditions.ts';
import { bound } from './dynamo/bound.ts';
import type { Dynamo } from './dynamo/dynamo.ts';
import { queryPartition, queryPrefix } from './dynamo/read.ts';
import { transact } from './dynamo/transact.ts';
import { UpdateExpression } from './dynamo/update-expression.ts';
import { update } from './dynamo/write.ts';
import type { Days } from './lists/days.ts';
import { listTimeline } from './lists/list-runs.ts';
import { deleteItems } from './runs/delete-beside.ts';
import { fromStateEntry, type StateEntry, toStateEntry } from './runs/state-entry.ts';
import { idBytes, idText, ttl } from './table/binary.ts';
import type { Item } from './table/item.ts';
import {
  logPartition,
  payloadPartition,
  runKey,
  TASK_RUNS,
  taskKeysKey,
  taskRunKey,
} from './table/keys.ts';
import { taskRunListingKeys } from './table/listing-keys.ts';
import { idOf } from './table/timed-keys.ts';

/** 5 write units: the item, an item that reserves its keys, and an entry in the timeline. */
async function createTaskRun(
  db: Dynamo,
  days: Days,
  taskRun: TaskRun,
): Promise<{ id: string; created: boolean } | 'id taken'> {
  await days.note(dayOf(listedAt(taskRun)));
  const named = { ...keysKey(taskRun), taskRunId: idBytes(taskRun.id), expiresAt: expiry(taskRun) };
  const done = await transact(db, [
    { Put: { Item: named, ConditionExpression: itIsNew } },
    { Put: { Item: toItem(taskRun), ConditionExpression: itIsNew } },
  ]);
  if (done.won) return { id: taskRun.id, created: true };
  if (done.at > 0) return 'id taken';
  const id = idText(done.item?.['taskRunId'] as Uint8Array);
  return { id, created: false };
}

async function readTaskRuns(db: Dynamo, ids: readonly string[]): Promise<TaskRunFound[]> {
  const found = await Promise.all([...new Set(ids)].map((id) => readTaskRun(db, id)));
  return found.flatMap((one) => one ?? []);
}

async function readTaskRun(db: Dynamo, id: string): Promise<TaskRunFound | undefined> {
  const { pk, sk } = taskRunKey(id);
  const items = await queryPartition(db, pk);
  const item = items.find((one) => one['sk'] === sk);
  if (!item) return undefined;
  const children = items.filter((one) => one !== item).map((one) => idOf(one['sk'] as string));
  return { taskRun: fromItem(id, item), childRunIds: children };
}

async function updateTaskRun(
  db: Dynamo,
  read: TaskRun,
  change: Partial<TaskRun>,
): Promise<boolean> {
  const expression = new UpdateExpression().set(toFields(change));
  const written = await update(db, taskRunKey(read.id), {
    ConditionExpression: theStateIsTheOneRead,
    ...expression.with({ ':readStateId': idBytes(read.state.id) }),
    ReturnValues: 'NONE',
  });
  return written.won;
}

/** Pointers to its child runs stay, because those still name it as their parent. */
async function deleteTaskRun(db: Dynamo, taskRun: TaskRun): Promise<void> {
  const [logs, payloads] = await Promise.all([
    queryPartition(db, logPartition({ taskRunId: taskRun.id })),
    queryPartition(db, payloadPartition({ taskRunId: taskRun.id })),
  ]);
  const beside = [...logs, ...payloads].map(
    ({ pk, sk }) => ({ pk, sk }) as { pk: string; sk: string },
  );
  await deleteItems(db, [keysKey(taskRun), taskRunKey(taskRun.id), ...beside]);
}

async function listTaskRunsOf(db: Dynamo, flowRunId: string): Promise<string[]> {
  const items = await queryPrefix(db, runKey(flowRunId).pk, TASK_RUNS);
  return items.map((item) => idText(item['taskRunId'] as Uint8Array));
}

function keysKey({ flowRunId, taskKey, dynamicKey }: TaskRun) {
  const keys = JSON.stringify([taskKey, dynamicKey]);
  return taskKeysKey(flowRunId, createHash('sha256').update(keys).digest('hex').slice(0, 32));
}

/** A task run is kept as long as a run is, counted from its creation. */
const expiry = ({ createdAt }: TaskRun): number => ttl(createdAt + NUMBERS.retention);

const toEarlier = (state: RunState) => [idBytes(state.id), toStateEntry(state)];

/** `name` and `state` are reserved words of DynamoDB. */
function toFields({ name, state, earlier, labels, taskInputs, ...fields }: Partial<TaskRun>): Item {
  return {
    ...fields,
    ...(name === undefined ? {} : { taskName: name }),
    ...(earlier?.length ? { earlier: earlier.map(toEarlier) } : {}),
    ...(state ? { stateId: idBytes(state.id), stateEntry: toStateEntry(state) } : {}),
    ...(labels ? { labels: labels.text } : {}),
    ...(taskInputs ? { taskInputs: taskInputs.text } : {}),
  };
}

function toItem(taskRun: TaskRun): Item {
  const { id, ...fields } = taskRun;
  return {
    ...taskRunKey(id),
    ...taskRunListingKeys(id, listedAt(taskRun)),
    ...toFields(fields),
    expiresAt: expiry(taskRun),
  };
}

function fromItem(id: string, item: Item): TaskRun {
  const { pk, sk, gsi2pk, gsi2sk, expiresAt, taskName, stateId, stateEntry, earlier, ...fields } =
    item;
  return {
    ...fields,
    id,
    ...(taskName === undefined ? {} : { name: taskName }),
    state: fromStateEntry(stateId as Uint8Array, stateEntry as StateEntry),
    earlier: ((earlier ?? []) as [Uint8Array, StateEntry][]).map(([of, entry]) =>
      fromStateEntry(of, entry),
    ),
    labels: new JsonText(fields['labels'] as string),
    taskInputs: new JsonText(fields['taskInputs'] as string),
  } as unknown as TaskRun;
}

export const taskRunStore = (db: Dynamo, days: Days): TaskRunStore => ({
  ...bound(db, { readTaskRuns, updateTaskRun, deleteTaskRun, listTaskRunsOf }),
  createTaskRun: (taskRun) => createTaskRun(db, days, taskRun),
  listTaskRuns: (window) => listTimeline(db, days, 'taskRuns', window),
});
