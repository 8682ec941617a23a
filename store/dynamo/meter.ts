import type { ConsumedCapacity, DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Receives what calls cost, and when they are throttled. */
export interface Meter {
  /** The request units of one call. */
  readonly units: (kind: 'read' | 'write', units: number) => void;
  /** DynamoDB throttled a call; the call is retried. */
  readonly throttled: () => void;
}

const WRITES = /^(Put|Update|Delete|TransactWrite|BatchWrite)/;
const THROTTLED = /Throttl|ProvisionedThroughputExceeded|RequestLimitExceeded/;

interface Output {
  readonly ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[];
  readonly UnprocessedKeys?: object;
  readonly UnprocessedItems?: object;
}

/** A transaction that is throttled gives a reason for each of its items. */
interface Failure extends Error {
  readonly CancellationReasons?: ReadonlyArray<{ readonly Code?: string | undefined }>;
}

const reasonsOf = ({ name, CancellationReasons: reasons = [] }: Failure): string[] => [
  name,
  ...reasons.flatMap(({ Code }) => Code ?? []),
];

/**
 * Reports the request units that a client's calls consume, as DynamoDB counts them, at no extra
 * call.
 */
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
      // A throttled batch is answered in part, without an error.
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
    // Below the SDK's retries: each attempt counts.
    { step: 'finalizeRequest', priority: 'low', name: 'dibsThrottles' },
  );
}
