import { randomUUID } from 'node:crypto';
import { DeleteCommand, DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NUMBERS } from '../../model/values/numbers.ts';
import { localDynamoDbClient } from '../../store/dynamo/client.ts';
import { logPartition } from '../../store/table/keys.ts';
import { request } from '../support/http.ts';
import { type MeteredStack, startMeteredStack } from '../support/metered-stack.ts';
import { createRuns, createWork } from '../support/work.ts';

let stack: MeteredStack;
let work: Awaited<ReturnType<typeof createWork>>;
let clock = Date.now() * 1000;
const START = Date.UTC(2026, 10, 23);

beforeAll(async () => {
  stack = await startMeteredStack({ now: () => clock });
  work = await createWork(stack.client);
});
afterAll(() => stack.stop());

interface Line {
  readonly message: string;
  readonly level: number;
  readonly second: number;
  readonly task: string | null;
}
const newRun = async () => (await createRuns(stack.client, work.deployment.id, 1))[0] ?? '';
async function write(runId: string, lines: readonly Line[]): Promise<void> {
  clock += 1_000_000;
  const body = lines.map(({ message, level, second, task }) => ({
    name: 'prefect.flow_runs',
    message,
    level,
    timestamp: new Date(START + second * 1000).toISOString(),
    flow_run_id: runId,
    task_run_id: task,
  }));
  expect((await request(stack, 'POST', '/logs/', body)).status).toBe(201);
}
const filter = async (runId: string, more: object = {}, logs: object = {}) => {
  const body = { logs: { flow_run_id: { any_: [runId] }, ...logs }, ...more };
  const answer = await request(stack, 'POST', '/logs/filter', body);
  expect(answer.status).toBe(200);
  return answer.body as Array<{ message: string; created: string }>;
};
const messages = async (...asked: Parameters<typeof filter>) =>
  (await filter(...asked)).map(({ message }) => message);

/** The same numbers in each run of the test. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}

test('each page has the lines that sorting all of them would give it, whatever the filter', async () => {
  const pick = numbers(7);
  const runId = await newRun();
  const tasks = [randomUUID(), randomUUID()];
  const all: Line[] = [];
  for (let batch = 0; batch < 30; batch++) {
    // Several senders, whose batches overlap; one in ten is far behind.
    const begin = pick(10) === 0 ? pick(300) : batch * 10;
    const lines = Array.from({ length: 1 + pick(40) }, (_, i) => ({
      message: `${batch}/${i} ${pick(3) === 0 ? 'odd' : 'even'}`,
      level: [10, 20, 30, 40][pick(4)] as number,
      // No two lines of the same time, so that there is one right order.
      second: begin + pick(30) + (batch * 100 + i) / 10_000,
      task: batch % 3 === 0 ? (tasks[pick(2)] as string) : null,
    }));
    all.push(...lines);
    await write(runId, lines);
  }
  const iso = (second: number) => new Date(START + second * 1000).toISOString();
  const FILTERS: ReadonlyArray<readonly [object, (line: Line) => boolean]> = [
    [{}, () => true],
    [{ level: { ge_: 30 } }, ({ level }) => level >= 30],
    [{ level: { ge_: 20, le_: 20 } }, ({ level }) => level === 20],
    [{ level: { ge_: 50 } }, () => false],
    [
      { timestamp: { after_: iso(95), before_: iso(188) } },
      ({ second }) => second >= 95 && second <= 188,
    ],
    [
      { timestamp: { after_: iso(150) }, level: { le_: 20 } },
      ({ second, level }) => second >= 150 && level <= 20,
    ],
    [{ task_run_id: { is_null_: true } }, ({ task }) => task === null],
    [
      { task_run_id: { is_null_: false }, level: { ge_: 20 } },
      (l) => l.task !== null && l.level >= 20,
    ],
    [{ task_run_id: { any_: [tasks[0]] } }, ({ task }) => task === tasks[0]],
    [{ text: { query: 'odd' } }, ({ message }) => message.includes('odd')],
  ];
  for (const [logs, fits] of FILTERS) {
    const sorted = all.filter(fits).sort((a, b) => a.second - b.second);
    for (const sort of ['TIMESTAMP_ASC', 'TIMESTAMP_DESC']) {
      const wanted = (sort === 'TIMESTAMP_ASC' ? sorted : sorted.toReversed()).map(
        (l) => l.message,
      );
      for (let tried = 0; tried < 6; tried++) {
        const offset = tried === 0 ? 0 : pick(sorted.length + 20);
        const limit = 1 + pick(60);
        const found = await messages(runId, { sort, offset, limit }, logs);
        expect(found, JSON.stringify({ logs, sort, offset, limit })).toEqual(
          wanted.slice(offset, offset + limit),
        );
      }
    }
  }
});

test('a page costs what it shows and what is new in the index, however many lines there are', async () => {
  const runId = await newRun();
  const noise = numbers(1);
  for (let batch = 0; batch < 60; batch++) {
    const lines = Array.from({ length: 100 }, (_, i) => ({
      message: Array.from({ length: 12 }, () => noise(1e9).toString(36)).join(' '),
      level: 20,
      second: batch + i / 100,
      task: null,
    }));
    await write(runId, lines);
  }
  const unitsOf = async (offset: number, sort = 'TIMESTAMP_ASC') => {
    stack.meter.take();
    expect(await filter(runId, { offset, limit: 100, sort })).toHaveLength(100);
    return stack.meter.take().reads;
  };
  // The whole log has 60 batches of some 6 KB each, which would be more than 100 units.
  expect(await unitsOf(0)).toBeLessThan(12);
  clock += 300_000_000;
  for (const offset of [0, 2_950, 5_900]) {
    expect(await unitsOf(offset)).toBeLessThan(8);
    expect(await unitsOf(offset, 'TIMESTAMP_DESC')).toBeLessThan(8);
  }
});

test('what arrived since an instant is found by that, however old its lines are', async () => {
  const runId = await newRun();
  const line = (message: string, second: number) => ({ message, level: 20, second, task: null });
  await write(runId, [line('first', 100)]);
  const [first] = await filter(runId);
  await write(runId, [line('older, but later', 1)]);
  const later = await filter(runId, {}, { arrived: { after_: first?.created } });
  expect(later.map(({ message }) => message)).toEqual(['older, but later', 'first']);
  const after_ = later[0]?.created;
  expect(await messages(runId, {}, { arrived: { after_ } })).toEqual(['older, but later']);
});

test('a page with long lines has all of its lines: the longest are cut, and a page of one has more', async () => {
  const runId = await newRun();
  const line = (message: string, second: number) => ({ message, level: 20, second, task: null });
  for (let batch = 0; batch < 4; batch++) {
    const lines = Array.from({ length: 50 }, (_, i) =>
      line(i % 10 === 0 ? `${batch} ${'"é\n'.repeat(120_000)}` : `short ${i}`, batch * 50 + i),
    );
    await write(runId, lines);
  }
  const page = await messages(runId, { sort: 'TIMESTAMP_ASC' });
  expect(page).toHaveLength(200);
  expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(NUMBERS.replyBytes);
  expect(page[0]).toMatch(/… \[cut: this message has \d+ bytes\. A page with limit 1 /);
  expect(page[1]).toBe('short 1');
  expect(await messages(runId, { limit: 1 })).toEqual([`0 ${'"é\n'.repeat(120_000)}`]);
});

test('a filter that would read too many lines is refused, and its pages without a text are not', async () => {
  const runId = await newRun();
  const message = 'x'.repeat(400_000);
  for (let batch = 0; batch < 12; batch++) {
    const lines = Array.from({ length: 8 }, (_, i) => ({
      message,
      level: 20,
      second: batch * 10 + i,
      task: null,
    }));
    await write(runId, lines);
  }
  const body = { logs: { flow_run_id: { any_: [runId] }, text: { query: 'y' } } };
  expect(await request(stack, 'POST', '/logs/filter', body)).toMatchObject({
    status: 422,
    body: { code: 'filter_too_broad', hint: expect.stringContaining('logs.timestamp') },
  });
  expect(await messages(runId, { offset: 50, limit: 1 })).toHaveLength(1);
});

test('lines that were stored before there was an index are found together with newer ones', async () => {
  const runId = await newRun();
  const line = (message: string, second: number) => ({ message, level: 20, second, task: null });
  await write(runId, [line('b', 2), line('d', 4)]);
  await write(runId, [line('a', 1)]);
  const db = DynamoDBDocumentClient.from(localDynamoDbClient(stack.endpoint));
  const pk = logPartition({ runId });
  const { Items = [] } = await db.send(
    new QueryCommand({
      TableName: stack.tableName,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
      ExpressionAttributeValues: { ':pk': pk, ':sk': 'LOGS#' },
    }),
  );
  expect(Items).toHaveLength(2);
  for (const { sk } of Items) {
    await db.send(new DeleteCommand({ TableName: stack.tableName, Key: { pk, sk } }));
  }
  await write(runId, [line('c', 3)]);
  expect(await messages(runId, { sort: 'TIMESTAMP_ASC' })).toEqual(['a', 'b', 'c', 'd']);
  await write(runId, [line('e', 5)]);
  expect(await messages(runId, { sort: 'TIMESTAMP_ASC' })).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('a run that was deleted and comes again has its new lines alone', async () => {
  const line = (message: string) => ({ message, level: 20, second: 1, task: null });
  const create = async (): Promise<string> => {
    const path = `/deployments/${work.deployment.id}/create_flow_run`;
    return (await request(stack, 'POST', path, { idempotency_key: 'again' })).body.id;
  };
  const runId = await create();
  await write(runId, [line('of before')]);
  expect(await messages(runId)).toEqual(['of before']);
  await request(stack, 'DELETE', `/flow_runs/${runId}`);
  expect(await create()).toBe(runId);
  await write(runId, [line('of now')]);
  expect(await messages(runId)).toEqual(['of now']);
});
