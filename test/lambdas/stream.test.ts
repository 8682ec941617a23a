import { type AttributeValue, QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StreamEvent, stream } from '../../lambdas/stream.ts';
import { localDynamoDbClient } from '../../store/client.ts';
import type { BusEvent } from '../../store/event-bus.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession } from '../support/work.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const quiet = { log: () => {} };
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
    return Math.min(events.length, takes);
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
    const throws = async () => {
      throw new Error('away');
    };
    const failed = { batchItemFailures: [{ itemIdentifier: '1' }] };
    expect(await stream(quiet, throws, 's')({ Records: records })).toEqual(failed);
  });

  test('a record that cannot be read is told as the failure, after those before it', async () => {
    const { records, images } = await life();
    const broken = record('2', { ...images[1], states: { L: [{ M: { t: { S: '?' } } }] } });
    const { put, details } = bus();
    const answer = await call([records[0] ?? broken, broken, records[2] ?? broken], put);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
    expect(details()).toHaveLength(1);
  });
});
