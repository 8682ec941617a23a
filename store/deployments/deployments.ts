import type { Beside, Deployment } from '../../model/deployments.ts';
import type { Limit } from '../../model/limits.ts';
import type { Changed } from '../../model/pools.ts';
import type { Schedule } from '../../model/schedules.ts';
import { JsonText } from '../../model/values/json-text.ts';
import { itExists, itIsNew, itIsOfTheGenerationBefore } from '../conditions.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import { batchGet, get, queryPrefix } from '../dynamo/read.ts';
import { type TransactItem, transact } from '../dynamo/transact.ts';
import { limitWrite } from '../limits/limits.ts';
import { listRecordIds } from '../lists/record-list.ts';
import { visitDelete, visitWrite } from '../schedules.ts';
import type { Item } from '../table/item.ts';
import { DEPLOYMENT_NAMES, deploymentKey, deploymentNameKey, flowKey } from '../table/keys.ts';
import { DEPLOYMENT_LIST, recordListingKeys } from '../table/listing-keys.ts';

/** The name is an item of its own, so that two creates with one name give one deployment. */
export async function createDeployment(
  db: Dynamo,
  deployment: Deployment,
  beside: Beside = {},
): Promise<{ id: string; created: boolean }> {
  const { id, flowId, name } = deployment;
  const named = { ...deploymentNameKey(flowId, name), id };
  const done = await transact(db, [
    { Put: { Item: named, ConditionExpression: itIsNew } },
    { Put: { Item: toItem(deployment) } },
    ...besideIt(beside),
  ]);
  if (done.won) return { id, created: true };
  const holder = done.item?.['id'] as string;
  return { id: holder, created: holder === id };
}

export async function overwriteDeployment(
  db: Dynamo,
  deployment: Deployment,
  beside: Beside = {},
): Promise<Changed> {
  const done = await transact(db, [
    {
      Put: {
        Item: toItem(deployment),
        ConditionExpression: itIsOfTheGenerationBefore,
        ExpressionAttributeValues: { ':before': deployment.generation - 1 },
      },
    },
    ...besideIt(beside),
  ]);
  return done.won ? 'updated' : 'outrun';
}

const besideIt = ({ limit, visit }: Beside): TransactItem[] => [
  ...(limit ? [limitWrite(limit)] : []),
  ...(visit ? [visitWrite(visit)] : []),
];

export async function deleteDeployment(
  db: Dynamo,
  { id, flowId, name, schedules }: Deployment,
  limit?: Limit,
): Promise<'deleted' | 'missing' | 'outrun'> {
  const done = await transact(db, [
    { Delete: { Key: deploymentKey(id), ConditionExpression: itExists } },
    { Delete: { Key: deploymentNameKey(flowId, name) } },
    ...(schedules.length > 0 ? [visitDelete(id)] : []),
    ...(limit ? [limitWrite(limit)] : []),
  ]);
  if (done.won) return 'deleted';
  return done.at === 0 ? 'missing' : 'outrun';
}

export async function readDeployments(db: Dynamo, ids: readonly string[]): Promise<Deployment[]> {
  return (await batchGet(db, [...new Set(ids)].map(deploymentKey))).map(fromItem);
}

export async function readDeploymentId(
  db: Dynamo,
  flowId: string,
  name: string,
): Promise<string | undefined> {
  const item = await get(db, deploymentNameKey(flowId, name));
  return item?.['id'] as string | undefined;
}

/** By the items that hold the names of a flow's deployments. */
export async function listDeploymentIds(db: Dynamo, flowId: string): Promise<string[]> {
  const names = await queryPrefix(db, flowKey(flowId).pk, DEPLOYMENT_NAMES);
  return names.map((item) => item['id'] as string);
}

export async function listDeployments(db: Dynamo): Promise<Deployment[]> {
  return readDeployments(db, await listRecordIds(db, DEPLOYMENT_LIST));
}

/** Fields that are stored as JSON text: see model/values/json-text.ts. */
const TEXTS = ['parameters', 'parameterSchema', 'jobVariables', 'labels', 'pullSteps'] as const;

function toItem(deployment: Deployment): Item {
  const texts = TEXTS.map((field) => [field, deployment[field]?.text ?? null]);
  return {
    ...deployment,
    ...Object.fromEntries(texts),
    schedules: deployment.schedules.map(toSchedule),
    ...deploymentKey(deployment.id),
    ...recordListingKeys(DEPLOYMENT_LIST, deployment.name, deployment.id),
  };
}

function fromItem({ pk, sk, gsi2pk, gsi2sk, ...item }: Item): Deployment {
  const texts = TEXTS.map((field) => {
    const text = item[field] as string | null;
    return [field, text === null ? null : new JsonText(text)];
  });
  return {
    concurrencyLimit: null,
    collisionStrategy: 'ENQUEUE',
    graceSeconds: null,
    ...item,
    ...Object.fromEntries(texts),
    schedules: ((item['schedules'] as Item[] | undefined) ?? []).map(fromSchedule),
  } as unknown as Deployment;
}

const toSchedule = (schedule: Schedule): Item => ({
  ...schedule,
  parameters: schedule.parameters.text,
});
const fromSchedule = (item: Item): Schedule =>
  ({ ...item, parameters: new JsonText(item['parameters'] as string) }) as Schedule;
