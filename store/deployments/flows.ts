import type { Flow } from '../../model/deployments.ts';
import { JsonText } from '../../model/values/json-text.ts';
import { itExists, itIsNew } from '../conditions.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import { batchGet } from '../dynamo/read.ts';
import { transact } from '../dynamo/transact.ts';
import { put, update } from '../dynamo/write.ts';
import { listRecordIds } from '../lists/record-list.ts';
import type { Item } from '../table/item.ts';
import { flowKey } from '../table/keys.ts';
import { FLOW_LIST, recordListingKeys } from '../table/listing-keys.ts';

/** Creates a flow once: its id follows from its name. */
export async function createFlow(
  db: Dynamo,
  flow: Flow,
): Promise<{ flow: Flow; created: boolean }> {
  const item = {
    ...flow,
    ...flowKey(flow.id),
    ...recordListingKeys(FLOW_LIST, flow.name, flow.id),
    labels: flow.labels.text,
  };
  const written = await put(db, item, { condition: itIsNew });
  if (written.won || !written.item) return { flow, created: true };
  return { flow: fromFlowItem(written.item), created: false };
}

export async function updateFlow(
  db: Dynamo,
  id: string,
  { tags, updatedAt }: Pick<Flow, 'tags' | 'updatedAt'>,
): Promise<'updated' | 'missing'> {
  const written = await update(db, flowKey(id), {
    ConditionExpression: itExists,
    UpdateExpression: 'SET tags = :tags, updatedAt = :updatedAt',
    ExpressionAttributeValues: { ':tags': tags, ':updatedAt': updatedAt },
  });
  return written.won ? 'updated' : 'missing';
}

export async function deleteFlow(db: Dynamo, id: string): Promise<boolean> {
  return (await transact(db, [{ Delete: { Key: flowKey(id), ConditionExpression: itExists } }]))
    .won;
}

export async function readFlows(db: Dynamo, ids: readonly string[]): Promise<Flow[]> {
  return (await batchGet(db, [...new Set(ids)].map(flowKey))).map(fromFlowItem);
}

export async function listFlows(db: Dynamo): Promise<Flow[]> {
  return readFlows(db, await listRecordIds(db, FLOW_LIST));
}

function fromFlowItem({ pk, sk, gsi2pk, gsi2sk, ...item }: Item): Flow {
  const labels = new JsonText(item['labels'] as string);
  // Records of before a flow could be changed.
  return { updatedAt: item['createdAt'], ...item, labels } as unknown as Flow;
}
