import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

const WRITES = new Set([
  'UpdateItem',
  'PutItem',
  'DeleteItem',
  'TransactWriteItems',
  'BatchWriteItem',
]);

/**
 * The first reply to every write is lost after its effect, as when a connection breaks: the SDK sends
 * the same write again. A read that is sent again needs no care.
 */
export function loseFirstReplies(client: DynamoDBClient): void {
  const sent = new WeakSet<object>();
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      const isWrite = WRITES.has(String(context['commandName']).replace(/Command$/, ''));
      if (!isWrite || sent.has(context)) return result;
      sent.add(context);
      throw Object.assign(new Error('The reply was lost.'), { name: 'TimeoutError' });
    },
    // Within the SDK's retries, so that it sees each attempt.
    { step: 'finalizeRequest', priority: 'low' },
  );
}
