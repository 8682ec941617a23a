import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { dibs } from './cli-process.ts';

let from: TestStack;
let to: TestStack;
let directory: string;
let file: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'dibs-transfer-'));
  file = join(directory, 'all.jsonl');
  [from, to] = await Promise.all([startTestStack(), startTestStack()]);
  await fill(from);
});
afterAll(async () => {
  await Promise.all([from.stop(), to.stop()]);
  rmSync(directory, { recursive: true, force: true });
});

/** Creates a record of each kind, as Prefect's clients send it. */
async function fill({ client, url }: TestStack): Promise<void> {
  await client.createWorkPool({
    body: { name: 'etl', type: 'process', description: 'nightly', concurrency_limit: 5 },
  });
  for (const queue of ['slow', 'fast']) {
    await client.createWorkQueue({ name: 'etl', body: { name: queue, concurrency_limit: 2 } });
  }
  await client.updateWorkQueue({ name: 'etl', queue: 'fast', body: { priority: 1 } });
  await client.updateWorkPool({ name: 'etl', body: { is_paused: true } });
  await client.createConcurrencyLimit({
    body: { name: 'database', limit: 3, slot_decay_per_second: 0.25 },
  });
  await client.createTagLimit({ body: { tag: 'gpu', concurrency_limit: 1 } });
  // Numbers that JavaScript would change.
  await fetch(`${url}/variables/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name":"rates","value":{"a":1.0,"b":12345678901234567890},"tags":["t"]}',
  });
  const { id } = await client.createFlow({
    body: { name: 'load it', tags: ['x'], labels: { team: 'a' } },
  });
  await client.createDeployment({
    body: {
      flow_id: id,
      name: 'nightly é',
      work_pool_name: 'etl',
      work_queue_name: 'fast',
      parameters: { day: 3 },
      job_variables: { env: { A: '1' } },
      tags: ['prod'],
      concurrency_limit: 2,
      schedules: [
        {
          schedule: { cron: '0 6 * * *', timezone: 'Europe/Berlin' },
          slug: 'morning',
          late_policy: 'latest',
          late_grace_seconds: 60,
        },
        { schedule: { interval: 3600, anchor_date: '2026-01-01T00:00:00Z' }, active: false },
      ],
    },
  });
}

const exported = async ({ url }: TestStack) => {
  const { code, out, err } = await dibs(url, ['export']);
  expect([code, err]).toEqual([0, '']);
  return out;
};

const imported = ({ url }: TestStack, ...args: string[]) => dibs(url, ['import', ...args]);

test('what is exported is imported, the same is exported again, and twice changes nothing', async () => {
  const written = await dibs(from.url, ['export', '--out', file]);
  expect(written.out).toBe(`Wrote 9 records to ${file}.`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const all = readFileSync(file, 'utf8');
  expect(all).toContain('"value":{"a":1.0,"b":12345678901234567890}');
  expect(all).toContain('"late_policy":"latest","late_grace_seconds":60');

  const empty = await exported(to);
  expect((await imported(to, file, '--dry-run')).out).toMatchInlineSnapshot(`
    "KIND               CREATED  UPDATED  UNCHANGED  SKIPPED  FAILED
    pool               1        0        0          0        0
    queue              3        0        0          0        0
    concurrency_limit  2        0        0          0        0
    variable           1        0        0          0        0
    flow               1        0        0          0        0
    deployment         1        0        0          0        0
    Nothing was changed: this is what an import would do."
  `);
  expect(await exported(to)).toBe(empty);

  // The lines may be in any order.
  writeFileSync(file, all.trimEnd().split('\n').reverse().join('\r\n\n'));
  expect((await imported(to, file)).out).toMatchInlineSnapshot(`
    "KIND               CREATED  UPDATED  UNCHANGED  SKIPPED  FAILED
    pool               1        0        0          0        0
    queue              2        0        1          0        0
    concurrency_limit  2        0        0          0        0
    variable           1        0        0          0        0
    flow               1        0        0          0        0
    deployment         1        0        0          0        0"
  `);
  expect(await exported(to)).toBe(all.trimEnd());
  expect(await exported(from)).toBe(all.trimEnd());
  expect((await imported(to, file)).out).not.toMatch(/ [1-9]\d* +\d+ +\d+ +\d+ +\d+$/m);

  const again = JSON.parse((await imported(to, file, '--json')).out) as {
    records: Array<{ result: string }>;
  };
  expect(again.records.map(({ result }) => result)).toEqual(Array(9).fill('unchanged'));
});

test('what differs is changed, and what a record does not mention stays', async () => {
  const some = join(directory, 'some.jsonl');
  const lines = [
    { kind: 'pool', name: 'etl', concurrency_limit: null },
    { kind: 'queue', pool: 'etl', name: 'slow', is_paused: true },
    { kind: 'variable', name: 'rates', value: [1] },
    { kind: 'concurrency_limit', name: 'database', limit: 9 },
    { kind: 'flow', name: 'load it', tags: ['y'] },
    { kind: 'deployment', flow: 'load it', name: 'nightly é', labels: { a: 1 }, paused: true },
    {
      kind: 'deployment',
      flow: 'load it',
      name: 'nightly é',
      schedules: [
        { schedule: { interval: 3600 } },
        { schedule: { cron: '0 6 * * *' }, slug: 'morning' },
      ],
    },
  ];
  writeFileSync(some, lines.map((line) => JSON.stringify(line)).join('\n'));
  const own = await startTestStack();
  try {
    await fill(own);
    const { code, out } = await imported(own, some, '--json');
    const { records } = JSON.parse(out) as { records: Array<{ result: string; message?: string }> };
    expect(code).toBe(0);
    expect(records.map(({ result, message }) => [result, message])).toEqual([
      ['updated', 'concurrency_limit'],
      ['updated', 'is_paused'],
      ['updated', 'limit'],
      ['updated', 'value'],
      ['updated', 'tags'],
      ['updated', 'paused, labels'],
      // The same values, written differently.
      ['unchanged', undefined],
    ]);
    const pool = await own.client.readWorkPool({ name: 'etl' });
    expect(pool).toMatchObject({ concurrency_limit: null, description: 'nightly' });
    expect(await own.client.readWorkQueue({ name: 'etl', queue: 'slow' })).toMatchObject({
      is_paused: true,
      concurrency_limit: 2,
    });
    const deployment = await own.client.readDeploymentByName({
      flow: 'load it',
      deployment: 'nightly é',
    });
    expect(deployment).toMatchObject({ paused: true, tags: ['prod'], work_queue_name: 'fast' });
    expect(deployment.labels).toMatchObject({ a: 1 });
    expect(deployment.schedules).toHaveLength(2);
  } finally {
    await own.stop();
  }
});

test('lines that are none are told one by one, and the others are imported', async () => {
  const bad = join(directory, 'bad.jsonl');
  const lines = [
    '{"kind":"pool","name":"good","type":"process"}',
    '{"kind":"pool",',
    '[1]',
    '{"name":"x"}',
    '{"kind":"pool","name":"typo","tpye":"process"}',
    '{"kind":"queue","pool":"nowhere","name":"q"}',
    '{"kind":"deployment","flow":"none","name":"d"}',
    '{"kind":"deployment","flow":"none","name":"d","global_concurrency_limit":"db"}',
    '{"kind":"variable","name":"Not A Name","value":1}',
    '{"kind":"pool","name":"etl","type":"docker"}',
  ];
  writeFileSync(bad, lines.join('\n'));
  const { code, out, err } = await imported(to, bad);
  expect([code, err]).toEqual([1, '']);
  expect(out).toMatchInlineSnapshot(`
    "line 2: failed: Expected a JSON object on this line: Expected double-quoted property name in JSON at position 15 (line 1 column 16).
    line 3: failed: Expected a JSON object with a "kind".
    line 4: failed: Expected one of the kinds pool, queue, concurrency_limit, variable, flow, deployment; found none.
    line 5: failed: Unrecognized key: "tpye".
    line 10: pool etl: failed: It has type process, and a type cannot be changed: use another name.
    line 6: queue nowhere/q: failed: Work pool "nowhere" not found. List the pools with dibs pool ls or POST /api/work_pools/filter, or create this one.
    line 9: variable Not A Name: failed: Invalid request received. body.name: A variable has a name of lower-case letters, digits, _ and -.
    line 7: deployment none/d: failed: Flow not found List the flows with POST /api/flows/filter.
    line 8: deployment none/d: failed: Flow not found List the flows with POST /api/flows/filter.
    KIND        CREATED  UPDATED  UNCHANGED  SKIPPED  FAILED
    pool        1        0        0          0        1
    queue       0        0        0          0        1
    variable    0        0        0          0        1
    deployment  0        0        0          0        2
    Lines that hold no record: 4."
  `);
  expect(await to.client.readWorkPool({ name: 'good' })).toMatchObject({ type: 'process' });
});

test('deployments that share a limit are refused, or get one each', async () => {
  const shared = join(directory, 'shared.jsonl');
  const lines = [
    { kind: 'concurrency_limit', name: 'shared', limit: 4 },
    { kind: 'flow', name: 'sharing' },
    { kind: 'deployment', flow: 'sharing', name: 'a', global_concurrency_limit: 'shared' },
    { kind: 'deployment', flow: 'sharing', name: 'b', global_concurrency_limit: 'gone' },
  ];
  writeFileSync(shared, lines.map((line) => JSON.stringify(line)).join('\n'));
  const refused = await imported(to, shared);
  expect(refused.code).toBe(1);
  expect(refused.out).toContain('sharing/a: failed: It shares the concurrency limit shared');
  const each = await imported(to, shared, '--own-limits');
  expect(each.out).not.toContain('sharing/a');
  expect(each.out).toContain('sharing/b: failed: It shares the concurrency limit gone');
  const made = await to.client.readDeploymentByName({ flow: 'sharing', deployment: 'a' });
  expect(made.global_concurrency_limit).toMatchObject({ limit: 4 });
});

test('a file that is not there, a server that is not, and a line that says too little', async () => {
  const told = async (...args: string[]) => {
    const { code, out, err } = await imported(to, ...args);
    expect(out).toBe('');
    return `${err.split('\n').slice(0, 2).join(' ').trim()} (${code})`;
  };
  expect(await told(join(directory, 'none'))).toMatch(/none cannot be read: ENOENT.* \(1\)$/);
  expect(await told()).toContain('give either a file or --from-prefect');
  expect(await told(file, '--from-prefect', from.url)).toContain('give either a file');
  expect(await told(file, '--api-key')).toContain('need --from-prefect');
  expect(await told('--from-prefect', 'http://127.0.0.1:1/api')).toMatch(/127\.0\.0\.1:1.* \(1\)$/);
  const { code, err } = await dibs(from.url, ['export', '--out', join(directory, 'no', 'where')]);
  expect([code, err]).toEqual([1, expect.stringContaining('cannot be written')]);
  expect(await told('--from-prefect', from.url.replace('/api', ''))).toContain('/api');
});

test('an import from Prefect says which schedules will run at other times than before', async () => {
  const { client } = from;
  const { id } = await client.createFlow({ body: { name: 'timed' } });
  const at = (cron: string, slug: string) => ({
    schedule: { cron, timezone: 'Europe/Berlin' },
    slug,
  });
  await client.createDeployment({
    body: {
      flow_id: id,
      name: 'nights',
      schedules: [at('30 2 * * *', 'early'), at('30 3 * * *', 'late')],
    },
  });
  const said =
    /deployment timed\/nights, schedule early: When the clocks of Europe\/Berlin go forward, next on \d{4}-03-\d\d from 02:00 to 03:00, it runs at 03:00; Prefect 3\.9\.1 runs it at 03:30\./;
  const dry = await imported(to, '--from-prefect', from.url, '--dry-run');
  expect(dry.out).toContain('These schedules will run at other times than with Prefect');
  expect(dry.out).toMatch(said);
  expect(dry.out).not.toContain('schedule late');
  const done = await imported(to, '--from-prefect', from.url);
  expect(done.out).toMatch(said);
  const flow = { flow: 'timed', deployment: 'nights' };
  const { schedules } = await to.client.readDeploymentByName(flow);
  expect(schedules.map(({ notices }) => notices.length).sort()).toEqual([0, 1]);
});
