import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweep } from '../../core/recovery/sweep.ts';
import { setAside } from '../../core/schedules/set-aside.ts';
import { SECOND } from '../../model/values/instant.ts';
import { WHY_CODES } from '../../model/values/why-codes.ts';
import { type MovableClock, movableClock } from '../support/clock.ts';
import { request } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { dibs } from './cli-process.ts';

/**
 * Causes each of the reasons, and checks that docs/why.md has the output of the command line for
 * it. After a change of the texts, run: npm run docs:why
 */
const PAGE = fileURLToPath(new URL('../../docs/why.md', import.meta.url));
const [BEGIN, END] = ['<!-- examples -->', '<!-- /examples -->'];

let clock: MovableClock;
let stack: TestStack;
beforeAll(async () => {
  clock = movableClock();
  stack = await startTestStack({ context: { now: clock.now } });
});
afterAll(() => stack.stop());

type Code = (typeof WHY_CODES)[number];
const outputs = new Map<Code, string>();
let pools = 0;

const api = async (method: string, path: string, body?: unknown) => {
  const answer = await request(stack, method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
};

async function work(pool: object = {}, deployment: object = {}) {
  const name = `etl-${pools++}`;
  await api('POST', '/work_pools/', { name, type: 'process', ...pool });
  const flow = await api('POST', '/flows/', { name: `flow-${name}` });
  const made = await api('POST', '/deployments/', {
    name: 'nightly',
    flow_id: flow.id,
    work_pool_name: name,
    ...deployment,
  });
  const run = async (body: object = {}): Promise<string> =>
    (await api('POST', `/deployments/${made.id}/create_flow_run`, body)).id;
  return { name, flow, deployment: made, run };
}

async function agent(pool: string, capacity = 1, name = 'agent-a') {
  const session = crypto.randomUUID();
  const heartbeat = (runs: object[] = []) =>
    api('POST', `/work_pools/${pool}/sessions/${session}/heartbeat`, {
      worker_name: name,
      ...(runs.length === 0 ? { started: true } : {}),
      capacity,
      runs,
    });
  await heartbeat();
  const claim = async () => {
    const body = { session_id: session, worker_name: name, claim_id: crypto.randomUUID() };
    const { runs } = await api('POST', `/work_pools/${pool}/claim`, { ...body, limit: 1 });
    return runs[0] as { flow_run: { id: string }; attempt: number; claim_token: string };
  };
  return { session, heartbeat, claim };
}

const set = (run: Awaited<ReturnType<Awaited<ReturnType<typeof agent>>['claim']>>, state: object) =>
  api('POST', `/flow_runs/${run.flow_run.id}/set_state`, { state, claim_token: run.claim_token });

/** Creates a run that is claimed and running. */
async function running(pool: object = {}, run: object = {}) {
  const made = await work(pool);
  const id = await made.run(run);
  const by = await agent(made.name);
  const mine = await by.claim();
  await set(mine, { type: 'RUNNING' });
  return { ...made, id, mine };
}

/** The printed output, with placeholders for the parts that differ each time. */
async function show(code: Code, id: string): Promise<void> {
  const { out } = await dibs(stack.url, ['run', 'why', id]);
  const { name } = await api('GET', `/flow_runs/${id}`);
  outputs.set(
    code,
    out
      .replaceAll(name, 'quiet-heron')
      .replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, '019ab3c4-…')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '2026-11-24T09:30:00Z')
      .replaceAll(/etl-\d+/g, 'etl'),
  );
}

const EXAMPLES: readonly (() => Promise<void>)[] = [
  async () => {
    const { run } = await work();
    await show('no_live_agent', await run());
  },
  async () => {
    const { name, run } = await work();
    await agent(name);
    await show('queue_not_polled', await run());
  },
  async () => {
    const { name, run } = await work();
    await run();
    const by = await agent(name);
    const { flow_run: held, attempt } = await by.claim();
    await by.heartbeat([{ id: held.id, attempt }]);
    await show('agents_full', await run());
  },
  async () => {
    const { name, run } = await work();
    const { session } = await agent(name);
    await api('POST', `/work_pools/${name}/sessions/${session}/drain`, { by: 'ann' });
    await show('agents_draining', await run());
  },
  async () => {
    const { name, run } = await work();
    await (await agent(name)).claim();
    const id = await run();
    await show('ready', id);
    await api('PATCH', `/work_pools/${name}`, { is_paused: true });
    await show('pool_paused', id);
  },
  async () => {
    const { name, run, deployment } = await work();
    await (await agent(name)).claim();
    const id = await run();
    await api('POST', `/deployments/${deployment.id}/pause_deployment`);
    await show('deployment_paused', id);
    await api('PATCH', `/work_pools/${name}/queues/default`, { is_paused: true });
    await api('POST', `/deployments/${deployment.id}/resume_deployment`);
    await show('queue_paused', id);
  },
  async () => {
    const { name, run } = await work();
    await (await agent(name)).claim();
    const state = { type: 'SCHEDULED', state_details: { scheduled_time: '2100-01-01T00:00:00Z' } };
    await show('scheduled_for_later', await run({ state }));
  },
  async () => {
    const { id, mine } = await running();
    const state_details = { scheduled_time: '2100-01-01T00:00:00Z' };
    await set(mine, { type: 'SCHEDULED', name: 'AwaitingRetry', state_details });
    await show('awaiting_retry', id);
  },
  async () => {
    const { name, run } = await work({ concurrency_limit: 1 });
    await run();
    await (await agent(name, 5)).claim();
    const id = await run();
    await show('limit_full', id);
    await api('PATCH', `/work_pools/${name}`, { concurrency_limit: 0 });
    await show('limit_zero', id);
  },
  async () => {
    const { name, run } = await work();
    await (await agent(name)).claim();
    const id = await run();
    const settled = api('PATCH', `/work_pools/${name}`, { concurrency_limit: 1 });
    const codes = async () =>
      (await api('GET', `/flow_runs/${id}/why`)).causes.map(({ code }: { code: Code }) => code);
    await expect.poll(codes).toContain('limit_settling');
    await show('limit_settling', id);
    await settled;
  },
  async () => {
    const { name, run } = await work();
    await api('POST', `/work_pools/${name}/queues/`, { name: 'first', priority: 1 });
    const by = await agent(name);
    await by.claim();
    await run({ work_queue_name: 'first' });
    await show('priority_ahead', await run());
  },
  async () => {
    const { name, run } = await work();
    await (await agent(name)).claim();
    await run();
    const id = await run();
    const due = async () => (await api('GET', `/flow_runs/${id}/why`)).causes.length;
    await expect.poll(due).toBeGreaterThan(1);
    await show('earlier_ahead', id);
  },
  async () => {
    const { name, run } = await work();
    const id = await run();
    await (await agent(name)).claim();
    await show('claimed_pending', id);
  },
  async () => {
    const { id, mine } = await running();
    await show('running', id);
    await api('POST', '/flow_runs/cancel', { by: 'ann', flow_runs: { id: { any_: [id] } } });
    await show('asked_to_cancel', id);
    await set(mine, { type: 'CANCELLED' });
    await show('already_final', id);
  },
  async () => {
    const { id, mine } = await running({}, { empirical_policy: { retries: 1, retry_delay: 600 } });
    await set(mine, { type: 'FAILED' });
    await show('retry_in_process', id);
  },
  async () => {
    const { id, mine } = await running();
    await set(mine, { type: 'PAUSED' });
    await show('paused', id);
  },
  async () => {
    const { id, mine } = await running();
    await set(mine, { type: 'PAUSED', state_details: { pause_reschedule: true } });
    await show('suspended', id);
  },
  async () => {
    const { name, run } = await work();
    await api('POST', `/work_pools/${name}/queues/`, { name: 'gone' });
    const id = await run({ work_queue_name: 'gone' });
    await api('DELETE', `/work_pools/${name}/queues/gone`);
    await expect
      .poll(async () => (await api('GET', `/flow_runs/${id}/why`)).causes[0].code)
      .toBe('queue_deleted');
    await show('queue_deleted', id);
  },
  async () => {
    const schedules = [{ schedule: { cron: '0 6 * * *' }, slug: 'nightly' }];
    const { name, deployment } = await work({}, { schedules });
    await (await agent(name)).claim();
    const [made] = await stack.context.store.readDeployments([deployment.id]);
    if (!made) throw new Error('The deployment is gone.');
    const [schedule] = made.schedules;
    const runs = await api('POST', '/flow_runs/filter', {
      deployments: { id: { any_: [made.id] } },
    });
    const reasons = new Map([
      [schedule?.id ?? '', 'Times of it cannot be found within 100,000 steps.'],
    ]);
    await setAside(stack.context, made, reasons, clock.now());
    await show('schedule_set_aside', runs[0].id);
  },
  async () => {
    const { run } = await work({}, { work_pool_name: null });
    await show('no_pool', await run());
  },
  async () => {
    const { flow } = await work();
    const body = { flow_id: flow.id, state: { type: 'SCHEDULED' } };
    await show('no_deployment', (await api('POST', '/flow_runs/', body)).id);
  },
];

test('docs/why.md shows what is printed of each cause', async () => {
  const [first, second] = [EXAMPLES.filter((_, i) => i % 2), EXAMPLES.filter((_, i) => !(i % 2))];
  const inTurn = async (examples: typeof EXAMPLES) => {
    for (const example of examples) await example();
  };
  await Promise.all([inTurn(first), inTurn(second)]);
  // These causes come last, because they let time pass until every agent is silent.
  const lost = await running({ recovery: { max_losses: 1 } });
  const { id } = await running();
  const other = await agent(lost.name, 1, 'agent-b');
  // The server continues to serve requests, so that the gap is no outage.
  await clock.pass(60 * SECOND, () => other.heartbeat());
  await show('lease_lapsed', id);
  await sweep(stack.context);
  await show('out_of_attempts', lost.id);

  const told = WHY_CODES.map((code) => {
    const output = outputs.get(code) ?? '';
    expect(output, code).toMatch(new RegExp(`^(note: )?${code}: `, 'm'));
    return `\`${code}\`\n\n\`\`\`\n${output}\n\`\`\`\n`;
  }).join('\n');
  const page = readFileSync(PAGE, 'utf8');
  const [before, rest = ''] = page.split(BEGIN);
  const [, after] = rest.split(END);
  const written = `${before}${BEGIN}\n\n${told}\n${END}${after}`;
  if (process.env['DIBS_WRITE_DOCS']) writeFileSync(PAGE, written);
  else expect(page).toBe(written);
}, 120_000);
