import type { ConsumedCapacity, DynamoDBClient } from '@aws-sdk/client-dynamodb';

export interface Units {
  /** The calls made, by name, as they were sent. */
  readonly calls: readonly string[];
  readonly reads: number;
  readonly writes: number;
}

const WRITES = new Set([
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'TransactWriteItems',
  'BatchWriteItem',
]);

/** Counts the request units that a client's calls consume, as DynamoDB reports them. */
export function meterCapacity(client: DynamoDBClient): { take(): Units } {
  let calls: string[] = [];
  let reads = 0;
  let writes = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      Object.assign(args.input, { ReturnConsumedCapacity: 'INDEXES' });
      const command = String(context['commandName']).replace(/Command$/, '');
      calls.push(command);
      const result = await next(args);
      const { ConsumedCapacity: consumed } = result.output as {
        ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[];
      };
      const units = [consumed ?? []]
        .flat()
        .reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
      if (WRITES.has(command)) writes += units;
      else reads += units;
      return result;
    },
    { step: 'initialize' },
  );
  return {
    take: () => {
      const taken = { calls, reads, writes };
      calls = [];
      reads = 0;
      writes = 0;
      return taken;
    },
  };
}
