import { expect, test, vi } from 'vitest';
import { sweeper } from '../../lambdas/sweeper.ts';
import { localDynamoDbClient } from '../../store/dynamo/client.ts';
import { dynamo } from '../../store/dynamo/dynamo.ts';
import { put } from '../../store/dynamo/write.ts';
import { noteSchema } from '../../store/schema-version.ts';
import { schemaKey } from '../../store/table/keys.ts';
import { SCHEMA_VERSION, TABLE } from '../../store/table/table.ts';
import { startTestStack } from '../support/stack.ts';

/** Whoever adds an index: one per deployment, and code that reads it in the deployment after (docs/upgrades.md). */
test('a schema version has these indexes', () => {
  const indexes = { 1: ['dispatch', 'timeline', 'deployment'] } as Record<number, string[]>;
  expect(TABLE.indexes.map(({ name }) => name)).toEqual(indexes[SCHEMA_VERSION]);
});

test('the version is noted by the first sweep, and stays', async () => {
  const stack = await startTestStack();
  await sweeper(stack.context)();
  await sweeper(stack.context)();
  const noted = { ours: SCHEMA_VERSION, theirs: SCHEMA_VERSION };
  expect(await stack.context.store.noteSchema()).toEqual(noted);
  await stack.stop();
});

test('older code does not sweep what newer code has written, and says what to do', async () => {
  const log = vi.fn();
  const listPools = vi.fn();
  const stack = await startTestStack({ context: { log } });
  const client = localDynamoDbClient(stack.endpoint);
  await put(dynamo(client, stack.tableName, Math.random), {
    ...schemaKey,
    version: SCHEMA_VERSION + 1,
  });
  client.destroy();
  const store = { ...stack.context.store, listPools };
  await sweeper({ ...stack.context, store })();
  expect(listPools).not.toHaveBeenCalled();
  const [{ error }] = log.mock.calls[0] as [{ error: Error }];
  expect(error.message).toMatch(
    /schema version 2; this code knows versions up to 1\. Deploy the newer/,
  );
  expect((await stack.context.store.noteSchema()).theirs).toBe(SCHEMA_VERSION + 1);
  await stack.stop();
});

test('older code that read before newer code wrote does not note its version over the newer one', async () => {
  const stack = await startTestStack();
  const client = localDynamoDbClient(stack.endpoint);
  const db = dynamo(client, stack.tableName, Math.random);
  let read = false;
  client.middlewareStack.add((next, { commandName }) => async (args) => {
    const answer = await next(args);
    if (commandName === 'GetItemCommand' && !read) {
      read = true;
      await put(db, { ...schemaKey, version: SCHEMA_VERSION + 1 });
    }
    return answer;
  });
  expect((await noteSchema(db)).theirs).toBe(SCHEMA_VERSION + 1);
  expect((await noteSchema(db)).theirs).toBe(SCHEMA_VERSION + 1);
  expect(read).toBe(true);
  client.destroy();
  await stack.stop();
});
