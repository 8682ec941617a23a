import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { textQuery } from '../../core/criteria/text-query.ts';
import { exchange, request } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createRuns, createWork } from '../support/work.ts';

let stack: TestStack;
let runId: string;
const taskRunId = randomUUID();
const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 12, 0, second)).toISOString();
const line = (message: string, second: number, more: object = {}) => ({
  name: 'prefect.flow_runs',
  level: 20,
  message,
  timestamp: at(second),
  flow_run_id: null,
  task_run_id: null,
  ...more,
});
const write = (lines: unknown) => request(stack, 'POST', '/logs/', lines);
const filter = (body: unknown) => request(stack, 'POST', '/logs/filter', body);
const messages = async (body: unknown) =>
  ((await filter(body)).body as { message: string }[]).map(({ message }) => message);

let work: Awaited<ReturnType<typeof createWork>>;
beforeAll(async () => {
  stack = await startTestStack();
  work = await createWork(stack.client);
  [runId = ''] = await createRuns(stack.client, work.deployment.id, 1);
  const flow_run_id = runId;
  // Later ones first: what counts is their own time.
  await write([line('third', 3, { flow_run_id, level: 40, task_run_id: taskRunId })]);
  await write([line('first', 1, { flow_run_id }), line('second "x", y', 2, { flow_run_id })]);
});
afterAll(() => stack.stop());

const ofRun = () => ({ flow_run_id: { any_: [runId] } });
test.each([
  ['by time', {}, ['first', 'second "x", y', 'third']],
  ['from a level', { level: { ge_: 30 } }, ['third']],
  ['up to a level', { level: { le_: 30 } }, ['first', 'second "x", y']],
  ['between', { timestamp: { after_: at(2), before_: at(2) } }, ['second "x", y']],
  ['of a task', { task_run_id: { any_: [taskRunId] } }, ['third']],
  ['of no task', { task_run_id: { is_null_: true } }, ['first', 'second "x", y']],
  ['of some task', { task_run_id: { is_null_: false } }, ['third']],
  ['with a text', { text: { query: 'SECOND -first' } }, ['second "x", y']],
  ['with the name of its logger', { text: { query: 'prefect.flow +third' } }, ['third']],
  [
    'null is nothing said',
    { operator: 'and_', level: null, timestamp: null, text: null },
    ['first', 'second "x", y', 'third'],
  ],
])('log lines of a run: %s', async (_, logs, found) => {
  expect(await messages({ logs: { ...ofRun(), ...logs }, sort: 'TIMESTAMP_ASC' })).toEqual(found);
  const back = await messages({ logs: { ...ofRun(), ...logs }, sort: 'TIMESTAMP_DESC' });
  expect(back).toEqual([...found].reverse());
});

test('pages of 200; 201 is refused in the words that the CLI looks for', async () => {
  const [id = ''] = await createRuns(stack.client, work.deployment.id, 1);
  await write(Array.from({ length: 450 }, (_, i) => line(`${i}`, i / 100, { flow_run_id: id })));
  const logs = { flow_run_id: { any_: [id] } };
  const pages = [];
  for (let offset = 0; offset < 600; offset += 200) pages.push(await messages({ logs, offset }));
  expect(pages.map((page) => page.length)).toEqual([200, 200, 50]);
  expect(pages.flat()).toEqual(Array.from({ length: 450 }, (_, i) => `${i}`));
  expect(await messages({ logs, limit: 0 })).toEqual([]);
  const answer = await filter({ logs, limit: 201 });
  expect(answer.status).toBe(422);
  expect(JSON.stringify(answer.body)).toContain('Invalid limit');
});

test('a batch of 3 MB that does not compress is taken, and comes back in pages', async () => {
  const [id = ''] = await createRuns(stack.client, work.deployment.id, 1);
  const noise = () => randomBytes(12_000).toString('base64');
  const lines = Array.from({ length: 200 }, (_, i) => line(noise(), i, { flow_run_id: id }));
  expect(JSON.stringify(lines).length).toBeGreaterThan(3_000_000);
  expect(await write(lines)).toEqual({ status: 201, body: undefined });
  const found = await messages({ logs: { flow_run_id: { any_: [id] } } });
  expect(found).toEqual(lines.map(({ message }) => message));
});

test('lines of a task run that name no flow run are found by the task run', async () => {
  const [one, other] = [randomUUID(), randomUUID()];
  await write([line('mine', 1, { task_run_id: one }), line('not mine', 1, { task_run_id: other })]);
  const { body } = await filter({ logs: { task_run_id: { any_: [one] } } });
  expect(body).toMatchObject([{ message: 'mine', flow_run_id: null, task_run_id: one }]);
});

test('lines of a task run that was created here are found with its flow run', async () => {
  const { body } = await request(stack, 'POST', '/task_runs/', {
    flow_run_id: runId,
    task_key: 'k',
    dynamic_key: '0',
  });
  await write([line('of both', 9, { flow_run_id: runId, task_run_id: body.id })]);
  expect(await messages({ logs: { task_run_id: { any_: [body.id] } } })).toEqual(['of both']);
});

test('lines of no run at all are taken', async () => {
  expect((await write([line('nobody', 1)])).status).toBe(201);
  expect((await write([])).status).toBe(201);
});

test.each([
  ['no filter', {}],
  ['a level alone', { logs: { level: { ge_: 10 } } }],
  ['either', { logs: { operator: 'or_', flow_run_id: { any_: [] }, level: { ge_: 10 } } }],
  ['an unknown task run', { logs: { task_run_id: { any_: [randomUUID()] } } }],
  ['101 runs', { logs: { flow_run_id: { any_: Array.from({ length: 101 }, randomUUID) } } }],
])('lines are not looked for everywhere: %s', async (_, body) => {
  expect(await filter(body)).toMatchObject({
    status: 422,
    body: { code: 'filter_too_broad', hint: expect.stringContaining('flow_run_id') },
  });
});

test.each([
  ['an object', {}],
  ['a line without a message', [{ name: 'l', level: 20, timestamp: at(1) }]],
  ['a level of text', [{ ...line('m', 1), level: 'INFO' }]],
  ['no time', [{ ...line('m', 1), timestamp: 'now' }]],
  ['a field more', [{ ...line('m', 1), worker: 'w' }]],
])('lines that are none are refused: %s', async (_, body) => {
  expect(await write(body)).toMatchObject({ status: 422, body: { code: 'invalid_request' } });
});

describe('the CSV file of a run', () => {
  const download = (id: string) => exchange(stack, 'GET', `/flow_runs/${id}/logs/download`);

  test('has its lines by time, quoted as CSV is', async () => {
    const [id = ''] = await createRuns(stack.client, work.deployment.id, 1);
    await stack.client.updateFlowRun({ id, body: { name: "a b/c'd (1)" } });
    await write([
      line('two\nlines', 2, { flow_run_id: id }),
      line('a "b", c', 1, { flow_run_id: id, task_run_id: taskRunId }),
    ]);
    const response = await download(id);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename="flow-run-logs.csv"; filename*=UTF-8''a%20b%2Fc%27d%20%281%29-logs.csv`,
    );
    const { text } = response;
    expect(text).toBe(
      [
        'timestamp,level,flow_run_id,task_run_id,message',
        `2026-11-23 12:00:01.000000+00:00,20,${id},${taskRunId},"a ""b"", c"`,
        `2026-11-23 12:00:02.000000+00:00,20,${id},,"two\nlines"`,
        '',
      ].join('\r\n'),
    );
    expect(await stack.client.downloadLogs({ id })).toBe(text);
  });

  test('of a run without any has its head alone; of an unknown run: 404', async () => {
    const [id = ''] = await createRuns(stack.client, work.deployment.id, 1);
    expect((await download(id)).text).toBe('timestamp,level,flow_run_id,task_run_id,message\r\n');
    expect((await download(randomUUID())).status).toBe(404);
  });

  test('is refused where it would be too large for a reply: never cut short', async () => {
    const [id = ''] = await createRuns(stack.client, work.deployment.id, 1);
    const long = line('z'.repeat(1_000_000), 1, { flow_run_id: id });
    for (let i = 0; i < 5; i++) await write([long]);
    const response = await download(id);
    expect(response.status).toBe(422);
    expect(response.body).toMatchObject({ code: 'reply_too_large' });
  });
});

test.each([
  ['error', 'an ERROR here', true],
  ['error warning', 'a warning', true],
  ['error', 'fine', false],
  ['+error +disk', 'disk error', true],
  ['+error +disk', 'error', false],
  ['error -debug', 'error in debug', false],
  ['error !debug', 'error in debug', false],
  ['-debug', 'anything', true],
  ['"connection timeout"', 'a connection timeout', true],
  ['"connection timeout"', 'timeout of a connection', false],
  ['-"a b"', 'x a b y', false],
  ['"say \\"hi\\""', 'they say "hi" now', true],
  ['"open', 'it is open', true],
  ['- error', 'error', true],
  ['a-b', 'x a-b y', true],
  ['   ', 'anything', true],
  ['', 'anything', true],
])('the search %j in %j: %s', (query, text, found) => {
  expect(textQuery(query)(text)).toBe(found);
});
