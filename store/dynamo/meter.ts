import type { ConsumedCapacity, DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** What it costs, and what held it up. */
export interface Meter {
  /** Request units of one call. */
  readonly units: (kind: 'read' | 'write', units: number) => void;
  /** DynamoDB had too much to do; it is tried again. */
  readonly throttled: () => void;
}

const WRITES = /^(Put|Update|Delete|TransactWrite|BatchWrite)/;
const THROTTLED = /Throttl|ProvisionedThroughputExceeded|RequestLimitExceeded/;

interface Output {
  readonly ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[];
  readonly UnprocessedKeys?: object;
  readonly UnprocessedItems?: object;
}

/** A transaction that is held up says so for each of its items. */
interface Failure extends Error {
  readonly CancellationReasons?: ReadonlyArray<{ readonly Code?: string | undefined }>;
}

const reasonsOf = ({ name, CancellationReasons: reasons = [] }: Failure): string[] => [
  name,
  ...reasons.flatMap(({ Code }) => Code ?? []),
];

/** Tells of the request units that a client's calls consume, as DynamoDB counts them, at no extra call. */
export function meter(client: DynamoDBClient, { units, throttled }: Meter): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const result = await next(args);
      const {
        ConsumedCapacity: consumed,
        UnprocessedKeys: unread = {},
        UnprocessedItems: unwritten = {},
      } = result.output as Output;
      // A batch that is held up is answered in part, and no error.
      if (Object.keys({ ...unread, ...unwritten }).length > 0) throttled();
      const used = [consumed ?? []].flat().reduce((sum, one) => sum + (one.CapacityUnits ?? 0), 0);
      units(WRITES.test(String(context['commandName'])) ? 'write' : 'read', used);
      return result;
    },
    { step: 'initialize', name: 'dibsMeter' },
  );
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (reasonsOf(error as Failure).some((reason) => THROTTLED.test(reason))) throttled();
        throw error;
      }
    },
    // Inside of what tries again: each try counts.
    { step: 'finalizeRequest', priority: 'low', name: 'dibsThrottles' },
  );
}
