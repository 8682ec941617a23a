import {
  type AttributeValue,
  DeleteItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StreamEvent, stream } from '../../lambdas/stream.ts';
import { localDynamoDbClient } from '../../store/dynamo/client.ts';
import type { BusEvent } from '../../store/stream/event-bus.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession } from '../support/work.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const quiet = {
  count: () => {},
  log: () => {},
  now: () => Date.now() * 1000,
  store: { forgetRun: async () => {} },
};
type Image = Record<string, AttributeValue>;

/** The item of a run, as the stream shows it: binary values in base64. */
async function imageOf(id: string): Promise<Image> {
  const client = localDynamoDbClient(stack.endpoint);
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: stack.tableName,
      KeyConditionExpression: 'pk = :pk AND sk = :sk',
      ExpressionAttributeValues: { ':pk': { S: `RUN#${id}` }, ':sk': { S: '#' } },
    }),
  );
  client.destroy();
  const text = JSON.stringify(Items[0], (_, value) =>
    value instanceof Uint8Array || value?.type === 'Buffer'
      ? Buffer.from(value.data ?? value).toString('base64')
      : value,
  );
  return JSON.parse(
    text.replaceAll(/"B":(\{[^{}]*\})/g, (_, bytes: string) => {
      return `"B":"${Buffer.from(Object.values(JSON.parse(bytes)) as number[]).toString('base64')}"`;
    }),
  ) as Image;
}

const record = (sequence: string, after: Image | undefined, before?: Image) => ({
  dynamodb: { SequenceNumber: sequence, NewImage: after, OldImage: before },
});

/** A run through its life: its images, one per write. */
async function life() {
  const { pool, deployment } = await createWork(stack.client, { parameters: { p: 'planted' } });
  const [id = ''] = await createRuns(stack.client, deployment.id, 1);
  const images = [await imageOf(id)];
  const session = await openSession(stack.client, pool);
  const [claimed] = (await claimRuns(stack.client, pool, session)).runs;
  images.push(await imageOf(id));
  for (const type of ['RUNNING', 'COMPLETED'] as const) {
    const body = { state: { type, message: 'planted' }, claim_token: claimed?.claim_token ?? '' };
    await stack.client.setState({ id, body });
    images.push(await imageOf(id));
  }
  const records = images.map((image, i) => record(String(i + 1), image, images[i - 1]));
  return { id, deployment, images, records };
}

/** A bus that takes the first `takes` of what it is given. */
function bus(takes = Number.POSITIVE_INFINITY) {
  const told: BusEvent[] = [];
  const put = async (events: readonly BusEvent[]) => {
    told.push(...events.slice(0, takes));
    return { put: Math.min(events.length, takes) };
  };
  return { told, put, details: () => told.map(({ detail }) => JSON.parse(detail)) };
}

const call = (Records: StreamEvent['Records'], put: ReturnType<typeof bus>['put']) =>
  stream(quiet, put, 'my-stack')({ Records });

describe('the stream', () => {
  test('tells each state of a run once, in order, and nothing that is a secret or a payload', async () => {
    const { id, deployment, images, records } = await life();
    const { told, put, details } = bus();
    const patched = record('9', { ...images[3], name: { S: 'renamed' } }, images[3]);
    const others = [record('10', { pk: { S: 'DAYS' }, sk: { S: '#' } }), record('11', undefined)];
    expect(await call([...records, patched, ...others], put)).toEqual({ batchItemFailures: [] });
    expect(
      details().map(({ state, previous_state: before }) => [before?.type, state.type]),
    ).toEqual([
      [undefined, 'SCHEDULED'],
      ['SCHEDULED', 'PENDING'],
      ['PENDING', 'RUNNING'],
      ['RUNNING', 'COMPLETED'],
    ]);
    const states = await stack.client.readFlowRunStates({ query: { flow_run_id: id } });
    expect(details().map((detail) => detail.id)).toEqual(states.map((state) => state.id));
    expect(details()[3]).toMatchObject({
      version: 1,
      stack: 'my-stack',
      flow_run: { id, deployment_id: deployment.id, flow_id: deployment.flow_id, attempt: 1 },
    });
    expect(JSON.stringify(told)).not.toMatch(/planted|secret|token/i);
  });

  test('told again, an event has the same id', async () => {
    const { records } = await life();
    const [first, again] = [bus(), bus()];
    await call(records, first.put);
    await call(records, again.put);
    expect(again.told).toEqual(first.told);
  });

  test.each([0, 1, 2, 3])(
    'goes on from the record that the bus did not take: %i',
    async (takes) => {
      const { records } = await life();
      const { put } = bus(takes);
      const failed = { batchItemFailures: [{ itemIdentifier: String(takes + 1) }] };
      expect(await call(records, put)).toEqual(failed);
    },
  );

  test('a bus that does not answer: the whole batch again', async () => {
    const { records } = await life();
    const away = async () => ({ put: 0, error: new Error('away') });
    const failed = { batchItemFailures: [{ itemIdentifier: '1' }] };
    expect(await stream(quiet, away, 's')({ Records: records })).toEqual(failed);
  });

  test('a record that cannot be read is counted and passed over: it holds up nothing', async () => {
    const { records, images } = await life();
    const broken = record('2', { ...images[1], states: { L: [{ M: { t: { S: '?' } } }] } });
    const { put, details } = bus();
    const counted: string[] = [];
    const counts = { ...quiet, count: (metric: string) => void counted.push(metric) };
    const answer = await stream(
      counts,
      put,
      's',
    )({
      Records: [records[0] ?? broken, broken, records[2] ?? broken],
    });
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(details().map(({ state }) => state.type)).toEqual(['SCHEDULED', 'RUNNING']);
    expect(counted).toEqual(['recovery_failures']);
  });

  test('without a bus nothing is told', async () => {
    const { records } = await life();
    expect(await stream(quiet, undefined, 's')({ Records: records })).toEqual({
      batchItemFailures: [],
    });
  });
});

describe('what an expired run leaves behind', () => {
  const LARGE = 'x'.repeat(2_000);
  const HOUR_AHEAD = () => Date.now() * 1000 + 3_600_000_000;
  const DAY_MS = 86_400_000;

  /** Everything in its partition, by sort key. */
  async function partition(id: string): Promise<string[]> {
    const client = localDynamoDbClient(stack.endpoint);
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: stack.tableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: `RUN#${id}` } },
      }),
    );
    client.destroy();
    return Items.map((item) => item['sk']?.S ?? '');
  }

  /** A run with a payload of its own beside it, a log, and an end. */
  async function large() {
    const { deployment } = await createWork(stack.client);
    const body = { parameters: { note: LARGE } };
    const { id } = await stack.client.createFlowRunFromDeployment({ id: deployment.id, body });
    const line = {
      name: 'l',
      level: 20,
      message: 'm',
      timestamp: new Date(Date.now() - DAY_MS).toISOString(),
    };
    await stack.client.writeLogs({ body: [{ ...line, flow_run_id: id }] });
    const image = await imageOf(id);
    const expire = async () => {
      const client = localDynamoDbClient(stack.endpoint);
      const Key = { pk: { S: `RUN#${id}` }, sk: { S: '#' } };
      await client.send(new DeleteItemCommand({ TableName: stack.tableName, Key }));
      client.destroy();
    };
    return { id, image, expire };
  }

  const gone = (image: Image) => ({ dynamodb: { SequenceNumber: '7', OldImage: image } });
  const at = (now: () => number) => ({ ...quiet, now, store: stack.context.store });
  const tidy = (image: Image, now = HOUR_AHEAD) =>
    stream(at(now), undefined, 's')({ Records: [gone(image)] });

  test('is deleted, save what has an end of its own', async () => {
    const { id, image, expire } = await large();
    expect((await partition(id)).filter((sk) => sk.startsWith('INPUT#'))).toHaveLength(1);
    await expire();
    expect(await tidy(image)).toEqual({ batchItemFailures: [] });
    const left = await partition(id);
    expect(left.map((sk) => sk.split('#')[0])).toEqual(['LOG', 'LOGS']);
  });

  test('stays while the run is there again, or its tombstone is', async () => {
    const { id, image, expire } = await large();
    await tidy(image);
    expect((await partition(id)).some((sk) => sk.startsWith('INPUT#'))).toBe(true);
    await expire();
    const client = localDynamoDbClient(stack.endpoint);
    const Item = {
      pk: { S: `RUN#${id}` },
      sk: { S: '#' },
      deleted: { BOOL: true },
      lastAttempt: { N: '1' },
    };
    await client.send(new PutItemCommand({ TableName: stack.tableName, Item }));
    await tidy(image);
    expect((await partition(id)).some((sk) => sk.startsWith('INPUT#'))).toBe(true);
    await expire();
    client.destroy();
    // The tombstone's end says nothing of the run but its id.
    expect(await tidy(Item as unknown as Image)).toEqual({ batchItemFailures: [] });
    expect((await partition(id)).some((sk) => sk.startsWith('INPUT#'))).toBe(false);
  });

  test('stays if it was saved just now: a create of the same run is under way', async () => {
    const { id, image, expire } = await large();
    await expire();
    await tidy(image, () => Date.now() * 1000);
    expect((await partition(id)).some((sk) => sk.startsWith('INPUT#'))).toBe(true);
  });

  test('a record that cannot be read is counted, and those behind it are done', async () => {
    const { id, image, expire } = await large();
    await expire();
    const counted: string[] = [];
    const context = { ...at(HOUR_AHEAD), count: (metric: string) => void counted.push(metric) };
    const broken = gone({ ...image, states: { L: [{ M: { t: { S: '?' } } }] } });
    const answer = await stream(context, undefined, 's')({ Records: [broken, gone(image)] });
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(counted).toEqual(['recovery_failures']);
    expect((await partition(id)).some((sk) => sk.startsWith('INPUT#'))).toBe(false);
  });

  test('a database that is away: the record again', async () => {
    const { image } = await large();
    const away = { ...quiet, store: { forgetRun: async () => Promise.reject(new Error('away')) } };
    const answer = await stream(away, undefined, 's')({ Records: [gone(image)] });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '7' }] });
  });
});
