import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { readDeployment } from '../../../core/deployments/deployments.ts';
import { createRunOfDeployment } from '../../../core/runs/create-run.ts';
import type { NewRun } from '../../../model/runs/run.ts';
import { localDynamoDbClient } from '../../../store/dynamo/client.ts';
import { dynamo } from '../../../store/dynamo/dynamo.ts';
import { fromRunItem, toRunItem } from '../../../store/runs/run-item.ts';
import type { TestStack } from '../../support/stack.ts';

const PER_BATCH = 25;
const BATCHES_AT_ONCE = 8;

/**
 * Creates thousands of runs. Each is made by the rules of the product, but they are written 25 at a
 * time, so that the preparation of a test does not take a minute.
 */
export async function createManyRuns(
  { context, endpoint, tableName }: TestStack,
  deploymentId: string,
  count: number,
): Promise<void> {
  const made: NewRun[] = [];
  const createRun = async (run: NewRun) => {
    made.push(run);
    return { run: fromRunItem(toRunItem(run)), created: true };
  };
  const collecting = { ...context, store: { ...context.store, createRun } };
  const deployment = await readDeployment(context, deploymentId);
  for (let i = 0; i < count; i++) await createRunOfDeployment(collecting, deployment, {});
  const { client } = dynamo(localDynamoDbClient(endpoint), tableName, Math.random);
  const write = async () => {
    for (let some = made.splice(0, PER_BATCH); some.length > 0; some = made.splice(0, PER_BATCH)) {
      const puts = some.map((run) => ({ PutRequest: { Item: toRunItem(run) } }));
      await client.send(new BatchWriteCommand({ RequestItems: { [tableName]: puts } }));
    }
  };
  await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, write));
  client.destroy();
}
