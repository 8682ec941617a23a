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

/**
 * AWS: two units per KB and item of a transaction, whatever is done to it. DynamoDB Local reports those
 * of one item only, so they are counted here (all our items in transactions are below 1 KB), and what
 * it reports of the indexes is taken as it is.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
 */
const UNITS_OF_TRANSACTED_ITEM = 2;

function unitsOf(consumed: ConsumedCapacity, transacted: readonly unknown[]): number {
  const { CapacityUnits: all = 0, Table: table } = consumed;
  return transacted.length > 0 ? all - (table?.CapacityUnits ?? 0) : all;
}

export interface CapacityMeter {
  /** What was consumed since it was last asked. */
  take(): Units;
  /** A call's result, and what it consumed. */
  measured<Result>(call: () => Promise<Result>): Promise<[Result, Units]>;
}

/** Counts the request units that a client's calls consume, as DynamoDB reports them. */
export function meterCapacity(client: DynamoDBClient): CapacityMeter {
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
      const { TransactItems: items = [] } = args.input as { TransactItems?: unknown[] };
      const reported = [consumed ?? []].flat().reduce((sum, one) => sum + unitsOf(one, items), 0);
      const units = reported + UNITS_OF_TRANSACTED_ITEM * items.length;
      if (WRITES.has(command)) writes += units;
      else reads += units;
      return result;
    },
    { step: 'initialize' },
  );
  const take = () => {
    const taken = { calls, reads, writes };
    calls = [];
    reads = 0;
    writes = 0;
    return taken;
  };
  return {
    take,
    measured: async (call) => {
      take();
      const result = await call();
      return [result, take()];
    },
  };
}
