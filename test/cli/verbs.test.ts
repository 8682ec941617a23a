import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, openSession, propose } from '../support/work.ts';
import { asJson, seen } from './as-seen.ts';
import { dibs, startDibs } from './cli-process.ts';

let stack: TestStack;
let deployment: string;
let flow: string;
beforeAll(async () => {
  stack = await startTestStack();
  for (const name of ['runs', 'queues']) {
    await stack.client.createWorkPool({ body: { name, type: 'process' } });
  }
  ({ id: flow } = await stack.client.createFlow({ body: { name: 'etl' } }));
  const made = await stack.client.createDeployment({
    body: { name: 'nightly', flow_id: flow, work_pool_name: 'runs', tags: ['a', 'b'] },
  });
  deployment = made.id;
});
afterAll(() => stack.stop());

test('pool ls, create and limit', async () => {
  const own = await startTestStack();
  const pool = async (line: string) => {
    const { code, out, err } = await dibs(own.url, ['pool', ...line.split(' ')]);
    return `${out}${err} (${code})`;
  };
  try {
    expect(await pool('ls')).toMatchInlineSnapshot(
      `"There are no pools yet. To create one: dibs pool create NAME (0)"`,
    );
    expect(await pool('create etl --limit 5 --description nightly')).toMatchInlineSnapshot(
      `"Created work pool etl of type process. (0)"`,
    );
    expect(await pool('create etl')).toMatchInlineSnapshot(
      `"Work pool etl of type process already exists; nothing was changed. (0)"`,
    );
    expect(await pool('create etl --limit 3 --type docker')).toMatchInlineSnapshot(
      `"Work pool etl already exists, but its type is "process" and its concurrency limit is 5. Use dibs pool limit to change its limit; its type cannot be changed. (1)"`,
    );
    expect(await pool('limit etl 1')).toMatchInlineSnapshot(
      `"Pool etl: at most 1 run at once. (0)"`,
    );
    expect(await pool('create docker -t docker')).toMatchInlineSnapshot(
      `"Created work pool docker of type docker. (0)"`,
    );
    expect(await pool('ls')).toMatchInlineSnapshot(`
      "NAME    TYPE     STATUS     LIMIT  DESCRIPTION
      docker  docker   NOT_READY  -      -
      etl     process  NOT_READY  1      nightly (0)"
    `);
    expect(await pool('limit etl --none')).toMatchInlineSnapshot(
      `"Pool etl has no concurrency limit. (0)"`,
    );
    expect((await own.client.readWorkPool({ name: 'etl' })).concurrency_limit).toBeNull();
    const told = async (...args: string[]) =>
      JSON.parse((await dibs(own.url, ['pool', ...args, '--json'])).out);
    expect(await told('ls')).toEqual(await own.client.filterWorkPools({ body: {} }));
    expect(await told('create', 'new')).toEqual(await own.client.readWorkPool({ name: 'new' }));
    expect(await told('limit', 'new', '0')).toMatchObject({ name: 'new', concurrency_limit: 0 });
  } finally {
    await own.stop();
  }
});

test('queue ls, create, pause, resume, limit and priority', async () => {
  const queue = (line: string) => seen(stack.url, `queue ${line} --pool queues`);
  expect(await queue('create urgent --priority 1 --limit 2')).toMatchInlineSnapshot(`
    "Created queue queues/urgent, priority 1.
    (0)"
  `);
  expect(await queue('create urgent')).toMatchInlineSnapshot(`
    "Queue queues/urgent already exists; nothing was changed.
    (0)"
  `);
  expect(await queue('create urgent --limit 3')).toMatchInlineSnapshot(`
    "Queue queues/urgent already exists, but its concurrency limit is 2. Use dibs queue limit and dibs queue priority to change it.
    (1)"
  `);
  expect(await queue('pause urgent')).toMatchInlineSnapshot(`
    "Paused queues/urgent.
    (0)"
  `);
  expect(await queue('ls')).toMatchInlineSnapshot(`
    "NAME  PRIORITY  STATUS  LIMIT  POLLED  DESCRIPTION
    urgent  1  PAUSED  2  -  -
    default  2  NOT_READY  -  -  The work pool's default queue.
    (0)"
  `);
  expect(await queue('resume urgent')).toMatchInlineSnapshot(`
    "Resumed queues/urgent.
    (0)"
  `);
  expect(await queue('limit urgent --none')).toMatchInlineSnapshot(`
    "Queue queues/urgent has no concurrency limit.
    (0)"
  `);
  expect(await queue('limit default 1')).toMatchInlineSnapshot(`
    "Queue queues/default: at most 1 run at once.
    (0)"
  `);
  expect(await queue('priority default 1')).toMatchInlineSnapshot(`
    "Queue queues/default has priority 1.
    (0)"
  `);
  expect(await queue('ls')).toMatchInlineSnapshot(`
    "NAME  PRIORITY  STATUS  LIMIT  POLLED  DESCRIPTION
    default  1  NOT_READY  1  -  The work pool's default queue.
    urgent  2  NOT_READY  -  -  -
    (0)"
  `);
  expect(await queue('limit nope 3')).toMatchInlineSnapshot(`
    "Work pool queue 'queues/nope' not found. The queues are: default, urgent.
    (1)"
  `);
  const list = await stack.client.filterWorkQueues({ name: 'queues', body: {} });
  expect(await asJson(stack.url, 'queue ls --pool queues')).toEqual(list);
  expect(await asJson(stack.url, 'queue priority urgent 9 --pool queues')).toMatchObject({
    priority: 9,
  });
});

test('deployment ls and run, run ls, show and logs', async () => {
  expect(await seen(stack.url, 'deployment ls')).toMatchInlineSnapshot(`
    "NAME  QUEUE  STATUS  LIMIT  TAGS  ID
    etl/nightly  runs/default  NOT_READY  -  a, b  <id>
    (0)"
  `);
  expect(await seen(stack.url, 'deployment ls --pool queues')).toMatchInlineSnapshot(`
    "There are no deployments in queues.
    (0)"
  `);
  expect(await seen(stack.url, 'run ls --pool runs')).toMatchInlineSnapshot(`
    "No runs match.
    (0)"
  `);
  const args = 'deployment run etl/nightly --param day=3 --param who=ann --param list=[1,"x"]';
  expect(await seen(stack.url, `${args} --at 2040-01-01T00:00:00Z`)).toMatchInlineSnapshot(`
    "Created run <name> (<id>), to start at <time>.
    (0)"
  `);
  expect(await seen(stack.url, 'run ls --pool runs')).toMatchInlineSnapshot(`
    "ID  NAME  STATE  QUEUE  EXPECTED  STARTED  ENDED
    <id>  <name>  Scheduled  runs/default  <time>  -  -
    (0)"
  `);
  const [run] = await stack.client.filterFlowRuns({ body: {} });
  expect(run?.parameters).toEqual({ day: 3, who: 'ann', list: [1, 'x'] });
  expect(run?.expected_start_time).toBe('2040-01-01T00:00:00.000000Z');
  expect(await seen(stack.url, `run show ${run?.id}`)).toMatchInlineSnapshot(`
    "Run  <name> (<id>)
    State  Scheduled since <time>
    Flow  etl
    Deployment  <id>
    Queue  runs/default
    Attempts  0
    Held by  nobody
    Expected  <time>
    Started  -
    Ended  -
    Ran for  -
    Parameters  {"day":3,"who":"ann","list":[1,"x"]}
    Tags  a, b
    (0)"
  `);
  expect(await seen(stack.url, `run logs ${run?.id}`)).toMatchInlineSnapshot(`
    "Run <name> has logged nothing yet.
    (0)"
  `);
  expect(await asJson(stack.url, `run show ${run?.id}`)).toEqual(run);
  expect(await asJson(stack.url, 'run ls')).toEqual([run]);
  expect(await asJson(stack.url, 'deployment ls')).toEqual(
    await stack.client.filterDeployments({ body: {} }),
  );
});

test('run ls tells one run from another by queue, state, deployment and time', async () => {
  const { client } = stack;
  await client.createWorkPool({ body: { name: 'many', type: 'process' } });
  await client.createWorkQueue({ name: 'many', body: { name: 'side' } });
  const at = async (name: string, queue: string) => {
    const body = { name, flow_id: flow, work_pool_name: 'many', work_queue_name: queue };
    const { id } = await client.createDeployment({ body });
    return (await client.createFlowRunFromDeployment({ id, body: {} })).id;
  };
  const [one, two] = [await at('one', 'default'), await at('two', 'side')];
  const ids = async (line: string) =>
    ((await asJson(stack.url, `run ls ${line}`)) as Array<{ id: string }>).map(({ id }) => id);
  expect(await ids('--pool many')).toEqual([two, one]);
  expect(await ids('--pool many --queue side')).toEqual([two]);
  expect(await ids('--deployment etl/one')).toEqual([one]);
  expect(await ids('--pool many --state running cancelled')).toEqual([]);
  await client.cancelFlowRuns({ body: { by: 'me', flow_runs: { id: { any_: [one] } } } });
  expect(await ids('--pool many --state running cancelled')).toEqual([one]);
  expect(await ids('--pool many --since 1h')).toEqual([two, one]);
  expect(await ids('--pool many --since 2039-01-01T00:00:00Z')).toEqual([]);
  expect(await ids('--pool many --limit 1')).toEqual([two]);
  expect((await dibs(stack.url, ['run', 'ls', '--pool', 'many', '-l', '1'])).out).toContain(
    '\nMore runs match; these are the first 1 (--limit).',
  );
});

test('deployment run --wait ends with the run: 0 where it COMPLETED, else 1', async () => {
  const { client } = stack;
  for (const [type, code] of [
    ['COMPLETED', 0],
    ['FAILED', 1],
  ] as const) {
    const line = 'deployment run etl/nightly --wait'.split(' ');
    const waiting = dibs(stack.url, line);
    const run = await untilClaimed();
    await propose(client, run, 'RUNNING');
    await propose(client, run, type);
    const { out, ...ended } = await waiting;
    expect(ended).toEqual({ code, err: '' });
    expect(out).toContain(`\nThe run is ${type[0]}${type.slice(1).toLowerCase()}.`);
  }
});

test('run logs --follow shows each line once, also one that comes after the end, and ends 0', async () => {
  const { client } = stack;
  const { id } = await client.createFlowRunFromDeployment({ id: deployment, body: {} });
  const log = (message: string, timestamp: string) =>
    fetch(`${stack.url}/logs/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ name: 'flow', level: 20, message, timestamp, flow_run_id: id }]),
    });
  await log('one', '2026-11-24T10:00:01.000000Z');
  const { ended, stdout, stderr } = startDibs(stack.url, ['run', 'logs', id, '-f']);
  expect(await stdout.next()).toBe('2026-11-24T10:00:01.000Z  INFO      flow: one');
  const run = await untilClaimed();
  await propose(client, run, 'RUNNING');
  await log('two\n\u001b[2Jthree', '2026-11-24T10:00:02.000000Z');
  expect(await stdout.next()).toBe('2026-11-24T10:00:02.000Z  INFO      flow: two');
  // A space replaces the character that would clear the screen.
  expect(await stdout.next()).toBe('     [2Jthree');
  // This line is so old that it is not read again while the run continues, but only when it has
  // ended.
  await log('late', '2026-11-24T09:00:00.000000Z');
  await propose(client, run, 'COMPLETED');
  expect(await stdout.next()).toBe('2026-11-24T09:00:00.000Z  INFO      flow: late');
  expect([await ended, await stdout.rest(), await stderr.rest()]).toEqual([0, '', '']);
  const { out: json } = await dibs(stack.url, ['run', 'logs', id, '--json']);
  const messages = json.split('\n').map((line) => JSON.parse(line).message);
  expect(messages).toEqual(['late', 'one', 'two\n\u001b[2Jthree']);
});

/** Claims the next run of the pool, as an agent does. */
async function untilClaimed() {
  const agent = await openSession(stack.client, 'runs');
  for (;;) {
    const { runs } = await claimRuns(stack.client, 'runs', agent);
    if (runs[0]) return runs[0];
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test.each([
  ['pool limit', "missing required argument 'name'"],
  ['pool limit p', 'give either the number of runs or --none'],
  ['pool limit p 3 --none', 'give either the number of runs or --none'],
  ['pool limit p some', 'Expected a whole number of at least 0.'],
  ['pool create', "missing required argument 'name'"],
  ['pool create p --limit -1', 'Expected a whole number of at least 0.'],
  ['queue ls', "required option '-p, --pool <name>' not specified"],
  ['queue create q', "required option '-p, --pool <name>' not specified"],
  ['queue create q --pool p --priority 0', 'Expected a whole number of at least 1.'],
  ['queue pause --pool p', "missing required argument 'name'"],
  ['queue resume --pool p', "missing required argument 'name'"],
  ['queue limit q --pool p', 'give either the number of runs or --none'],
  ['queue priority q first --pool p', 'Expected a whole number of at least 1.'],
  ['run ls --queue q', '--queue needs --pool'],
  ['run ls --state LOST', 'Expected some of SCHEDULED, PENDING, RUNNING'],
  ['run ls --deployment nightly', 'Expected an id: a UUID.'],
  ['run ls --deployment etl/', 'Expected FLOW/NAME'],
  ['run ls --since yesterday', 'Expected a duration before now'],
  ['run ls --limit 0', 'Expected a whole number of at least 1.'],
  ['run show seven', 'Expected an id: a UUID.'],
  ['run logs seven', 'Expected an id: a UUID.'],
  ['deployment run nightly', 'Expected FLOW/NAME'],
  ['deployment run etl/nightly --param day', 'Expected name=value'],
  ['deployment run etl/nightly --param =3', 'Expected name=value'],
  ['deployment run etl/nightly --at 10m', 'Expected a time like'],
  ['deployment run etl/nightly --in tomorrow', 'Expected a duration from now'],
  ['deployment run etl/nightly --in 1h --at 2040-01-01T00:00:00Z', 'cannot be used with option'],
])('bad usage has exit code 2 and says what is wrong: dibs %s', async (line, says) => {
  const { code, out, err } = await dibs(stack.url, line.split(' '));
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(says);
});

test.each([
  ['pool limit nope 3', /^Work pool "nope" not found\. The pools are: .*runs/],
  ['queue ls --pool nope', /^Work pool "nope" not found\. The pools are: .*runs/],
  ['queue create q --pool nope', /^Work pool "nope" not found\. The pools are: .*runs/],
  [
    'queue pause nope --pool runs',
    /^Work pool queue 'runs\/nope' not found\. The queues are: default\.$/,
  ],
  ['run ls --pool nope', /^Work pool "nope" not found\. The pools are: .*runs/],
  ['run ls --pool runs --queue nope', /not found\. The queues are: default\.$/],
  [
    'run ls --deployment etl/nope',
    /^There is no deployment etl\/nope\. The deployments are: .*etl\/nightly/,
  ],
  ['deployment ls --pool nope', /^Work pool "nope" not found\. The pools are: .*runs/],
  [
    'deployment run etl/nope',
    /^There is no deployment etl\/nope\. The deployments are: .*etl\/nightly/,
  ],
  [`run show ${randomUUID()}`, /^Flow run not found\. Check the id/],
  [`run logs ${randomUUID()} -f`, /^Flow run not found\. Check the id/],
])('what is not there is exit code 1, and says what there is: dibs %s', async (line, says) => {
  const { code, out, err } = await dibs(stack.url, line.split(' '));
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(says);
});
