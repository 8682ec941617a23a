import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROUTES, type RouteName } from '../../api/routes.ts';
import { ApiError } from '../../client/index.ts';
import { entriesOf } from '../support/entry.ts';
import { makeKeys, walkRoles } from '../support/role-matrix.ts';
import { claimRuns, createRuns, createWork, openSession } from '../support/work.ts';
import { allLogs } from './aws.ts';
import { deployed, deployFlow, endsWell, PLANTED, startAgent } from './deployed.ts';
import { listenForEvents } from './events-heard.ts';

/** What a deployment does, where what no role grants is refused: no grant is missing. */
const app = deployed({ app: 'node test/deploy/iam-app.ts', enforcesIam: true });

const RACED = 100;
/**
 * Long enough for a lease of 30 s, as much again because the sweeper gives grace (no other session was
 * served meanwhile), two rounds of the sweeper, and a machine that does much else.
 */
const RECOVERED_WITHIN_MS = 280_000;

describe.concurrent('as deployed', { timeout: 300_000 }, () => {
  test('two agents, each with a key for its pool, race for 100 runs: each is executed once', async () => {
    const { admin, emulator, folder } = app();
    const path = join(folder, 'raced');
    const events = await listenForEvents(emulator);
    const flow = await deployFlow(app(), 'counted', path);
    const ids = await createRuns(admin, flow.id, RACED);
    const agents = [startAgent(app(), flow, 4), startAgent(app(), flow, 4)];
    await until('all are executed', 240_000, async () => executed(path).length >= RACED);
    for (const { child } of agents) child.kill('SIGTERM');
    await Promise.all(agents.map(({ ended }) => ended));
    expect(executed(path).sort()).toEqual([...ids].sort());
    const runs = await admin.filterFlowRuns({
      body: { flow_runs: { id: { any_: ids } }, limit: 200 },
    });
    expect(new Set(runs.map(({ state_type }) => state_type))).toEqual(new Set(['COMPLETED']));
    await until('every state of every run is told as an event', 60_000, async () => {
      const told = await events.of(ids);
      return ids.every((id) => told.get(id)?.at(-1) === 'COMPLETED');
    });
  });

  test('an agent is killed, nobody polls: the deployed sweeper gives its run back', async () => {
    const { admin, folder } = app();
    const path = join(folder, 'slept');
    const flow = await deployFlow(app(), 'sleeps', path);
    const [id = ''] = await createRuns(admin, flow.id, 1);
    const agent = startAgent(app(), flow, 1);
    await until('it runs', 120_000, async () => executed(path).includes(id));
    agent.child.kill('SIGKILL');
    await agent.ended;
    await until('it is given back', RECOVERED_WITHIN_MS, async () => {
      const { state_type: type, state_name: name } = await admin.readFlowRun({ id });
      return type === 'SCHEDULED' && name === 'Rescheduled';
    });
  });

  test('a schedule fires, by the deployed scheduler', async () => {
    const { admin, folder } = app();
    const path = join(folder, 'scheduled');
    const flow = await deployFlow(app(), 'counted', path);
    await admin.createDeploymentSchedules({
      id: flow.id,
      body: [{ schedule: { interval: 15, anchor_date: '2026-01-01T00:00:00Z' }, active: true }],
    });
    const agent = startAgent(app(), flow, 1);
    await until('a run of it is executed', 240_000, async () => executed(path).length > 0);
    agent.child.kill('SIGTERM');
    await agent.ended;
    const [first = ''] = executed(path);
    const run = await admin.readFlowRun({ id: first });
    expect([run.auto_scheduled, run.deployment_id]).toEqual([true, flow.id]);
  });

  test('a stale claim token is refused', async () => {
    const { admin } = app();
    const { pool, deployment } = await createWork(admin);
    const [id = ''] = await createRuns(admin, deployment.id, 1);
    const first = await openSession(admin, pool);
    const [stale] = (await claimRuns(admin, pool, first)).runs;
    // By hand, or by the sweeper where the emulator took longer than a lease: fenced off it is.
    await admin.releaseFlowRun({ id, body: { by: 'test' } }).catch((error: ApiError) => {
      expect(error.code).toBe('flow_run_not_held');
    });
    const second = await openSession(admin, pool);
    await until('it is claimed again', 60_000, async () => {
      const { runs } = await claimRuns(admin, pool, second);
      return runs.length > 0;
    });
    const finish = admin.setState({
      id,
      body: { state: { type: 'COMPLETED' }, claim_token: stale?.claim_token ?? '' },
    });
    await expect(finish).rejects.toMatchObject({ status: 409, code: 'claim_lost' });
    // The stream tidies up behind it, as it does behind what expires.
    await admin.deleteFlowRun({ id });
  });

  test('every route lets in who the route table says, and nobody else', async () => {
    const { admin, outputs } = app();
    const matrix = await walkRoles(outputs.url, await makeKeys(admin));
    const expected = (Object.keys(ROUTES) as RouteName[]).map((name) => [name, entriesOf(name)]);
    expect([...matrix]).toEqual(expected);
  });
});

test('the logs have requests, runs and sessions, and no key, token or parameter', async () => {
  const { admin, emulator, key } = app();
  const { pool, deployment } = await createWork(admin, { parameters: { p: PLANTED } });
  const [id = ''] = await createRuns(admin, deployment.id, 1);
  const { session, worker } = await openSession(admin, pool);
  const [claimed] = (await claimRuns(admin, pool, { session, worker })).runs;
  const token = claimed?.claim_token ?? '';
  expect(JSON.stringify(claimed)).toContain(PLANTED);
  const beat = (body: object) =>
    admin.heartbeat({ name: pool, session_id: session, body: body as never });
  await expect(beat({ claim_token: token, planted: PLANTED })).rejects.toThrow(ApiError);
  const lines = await allLogs(emulator);
  const line = lines.find((one) => one.includes(id) && one.includes('claimed')) ?? '{}';
  expect(JSON.parse(line)).toMatchObject({
    message: 'claimed',
    run_id: id,
    session_id: session,
    worker_name: worker,
    request_id: expect.any(String),
  });
  const text = lines.join('\n');
  for (const secret of [key.slice(-22), token.split('.').at(-1) ?? '', PLANTED]) {
    expect(secret).not.toBe('');
    expect(text).not.toContain(secret);
  }
  expect(text).not.toMatch(/dibs_[0-9a-f]{32}_/);
  const emf = lines.filter((one) => one.includes('"CloudWatchMetrics"'));
  for (const metric of ['claims', 'claim_latency', 'waited', 'oldest_waiting', 'backlog']) {
    expect(
      emf.some((one) => metric in JSON.parse(one)),
      metric,
    ).toBe(true);
  }
});

endsWell(app);

/** What a flow wrote: the id of each run that executed it. */
function executed(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
}

async function until(what: string, withinMs: number, holds: () => Promise<boolean>) {
  const end = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
