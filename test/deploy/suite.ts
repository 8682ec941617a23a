import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROUTES, type RouteName } from '../../api/routes.ts';
import { ApiError, type Client, createClient } from '../../client/index.ts';
import { deploy } from '../../sdk/index.ts';
import { goThrough } from '../prefect/journey-process.ts';
import { entriesOf } from '../support/entry.ts';
import { runNode } from '../support/processes.ts';
import { makeKeys, walkRoles } from '../support/role-matrix.ts';
import { claimRuns, createRuns, createWork, openSession } from '../support/work.ts';
import { allLogs, aws } from './aws.ts';
import { cdkOf, type Outputs } from './deployment.ts';
import { type Emulator, startEmulator } from './emulator.ts';
import { counted, sleeps } from './flows.ts';

export interface DeployedSuite {
  /** A command that synthesizes. */
  readonly app: string;
  readonly context?: readonly string[];
  readonly enforcesIam: boolean;
}

const FLOWS = { counted, sleeps };
const PLANTED = 'planted-in-the-parameters';
const RACED = 100;
/** A lease of 30 s, a lease of grace (nobody else was served meanwhile), two rounds of the sweeper, and some. */
const RECOVERED_WITHIN_MS = 210_000;

/** What the CDK puts into an account, on an emulator of AWS: real processes, HTTP, Lambda bundles, roles. */
export function deployedSuite({ app, context = [], enforcesIam }: DeployedSuite): void {
  let emulator: Emulator;
  let cdk: ReturnType<typeof cdkOf>;
  let outputs: Outputs;
  let key: string;
  let admin: Client;
  let folder: string;
  let events: Awaited<ReturnType<typeof listenForEvents>>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dibs-deployed-'));
    emulator = await startEmulator({ enforcesIam });
    cdk = cdkOf(emulator, app, context);
    await cdk.bootstrap();
    await cdk.deploy();
    outputs = cdk.outputs();
    events = await listenForEvents(emulator);
    // As the output says, by the command itself.
    const [npx, no, dibs, ...args] = outputs.firstKey.split(' ');
    expect([npx, no, dibs]).toEqual(['npx', '--no', 'dibs']);
    const made = runNode(['cli/main.ts', ...args], emulator.env);
    [key = ''] = (await made.stdout.rest()).split('\n');
    expect(key, await made.stderr.rest()).toMatch(/^dibs_/);
    const headers = { authorization: `Bearer ${key}` };
    admin = createClient({ url: outputs.url, headers, timeoutMs: 60_000 });
  }, 240_000);

  afterAll(async () => {
    cdk?.remove();
    await emulator?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const startAgent = (pool: string, apiKey: string, limit: number) =>
    runNode(['cli/main.ts', 'agent', 'start', '--pool', pool, '--limit', String(limit)], {
      DIBS_API_URL: outputs.url,
      DIBS_API_KEY: apiKey,
      XDG_STATE_HOME: folder,
    });

  const deployFlow = async (name: keyof typeof FLOWS, path: string) => {
    const pool = `pool-${randomUUID().slice(0, 8)}`;
    await admin.createWorkPool({ body: { name: pool, type: 'process' } });
    const { key: agentKey } = await admin.createApiKey({
      body: { name: pool, role: 'agent', pools: [pool] },
    });
    const module = new URL('./flows.ts', import.meta.url).href;
    const parameters = { path, secret: PLANTED };
    const deployed = await deploy(FLOWS[name], {
      name: pool,
      pool,
      module,
      export: name,
      parameters,
      client: admin,
    });
    return { pool, agentKey, deployed };
  };

  const until = async (what: string, withinMs: number, holds: () => Promise<boolean>) => {
    const end = Date.now() + withinMs;
    while (!(await holds())) {
      if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  };

  const executed = (path: string): string[] =>
    existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];

  describe.concurrent('as deployed', { timeout: 240_000 }, () => {
    test('a second deployment changes nothing', async () => {
      expect(await cdk.deploy()).toContain('(no changes)');
    });

    test('two agents, each with a key for its pool, race for 100 runs: each is executed once', async () => {
      const path = join(folder, 'raced');
      const { pool, agentKey, deployed } = await deployFlow('counted', path);
      const ids = await createRuns(admin, deployed.id, RACED);
      const agents = [startAgent(pool, agentKey, 4), startAgent(pool, agentKey, 4)];
      await until('all are executed', 200_000, async () => executed(path).length >= RACED);
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
      const path = join(folder, 'slept');
      const { pool, agentKey, deployed } = await deployFlow('sleeps', path);
      const [id = ''] = await createRuns(admin, deployed.id, 1);
      const agent = startAgent(pool, agentKey, 1);
      await until('it runs', 60_000, async () => executed(path).includes(id));
      agent.child.kill('SIGKILL');
      await agent.ended;
      await until('it is given back', RECOVERED_WITHIN_MS, async () => {
        const { state_type: type, state_name: name } = await admin.readFlowRun({ id });
        return type === 'SCHEDULED' && name === 'Rescheduled';
      });
    });

    test('a schedule fires, by the deployed scheduler', async () => {
      const path = join(folder, 'scheduled');
      const { pool, agentKey, deployed } = await deployFlow('counted', path);
      await admin.createDeploymentSchedules({
        id: deployed.id,
        body: [{ schedule: { interval: 15, anchor_date: '2026-01-01T00:00:00Z' }, active: true }],
      });
      const agent = startAgent(pool, agentKey, 1);
      await until('a run of it is executed', 150_000, async () => executed(path).length > 0);
      agent.child.kill('SIGTERM');
      await agent.ended;
      const [first = ''] = executed(path);
      const run = await admin.readFlowRun({ id: first });
      expect([run.auto_scheduled, run.deployment_id]).toEqual([true, deployed.id]);
    });

    test('a stale claim token is refused', async () => {
      const { pool, deployment } = await createWork(admin);
      const [id = ''] = await createRuns(admin, deployment.id, 1);
      const first = await openSession(admin, pool);
      const [stale] = (await claimRuns(admin, pool, first)).runs;
      // By hand, or by the sweeper where the emulator took longer than a lease: fenced off it is.
      await admin.releaseFlowRun({ id, body: { by: 'test' } }).catch((error: ApiError) => {
        expect(error.code).toBe('flow_run_not_held');
      });
      const second = await openSession(admin, pool);
      await until('it is claimed again', 20_000, async () => {
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
      const matrix = await walkRoles(outputs.url, await makeKeys(admin));
      const expected = (Object.keys(ROUTES) as RouteName[]).map((name) => [name, entriesOf(name)]);
      expect([...matrix]).toEqual(expected);
    }, 240_000);

    test.skipIf(enforcesIam)(
      'an unmodified Prefect worker, with a key of role agent, runs a deployment',
      async (context) => {
        const { key: workerKey } = await admin.createApiKey({
          body: { name: 'worker', role: 'agent' },
        });
        const env = { PREFECT_API_KEY: key, JOURNEY_WORKER_KEY: workerKey };
        await goThrough(context, { file: 'deploy_and_run.py', url: outputs.url, env });
      },
      240_000,
    );
  });

  test('the logs have requests, runs and sessions, and no key, token or parameter', async () => {
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

  test('nothing was refused by IAM, and no Lambda failed', async () => {
    const text = (await allLogs(emulator)).join('\n');
    expect(text).not.toMatch(/AccessDenied|not authorized/);
    expect(text).not.toMatch(/"level":"ERROR"/);
  });

  test('it is taken away whole', async () => {
    await cdk.destroy();
    const answer = await fetch(`${outputs.url}/health`);
    expect(answer.status).not.toBe(200);
  }, 120_000);
}

/** A rule of a user's, for every event of ours, to a queue. */
async function listenForEvents(emulator: Emulator) {
  const { QueueUrl } = await aws<{ QueueUrl: string }>(emulator, 'sqs', 'AmazonSQS.CreateQueue', {
    QueueName: 'heard',
  });
  const Arn = `arn:aws:sqs:eu-central-1:000000000000:heard`;
  const EventPattern = JSON.stringify({ source: ['dibs'] });
  await aws(emulator, 'events', 'AWSEvents.PutRule', { Name: 'heard', EventPattern });
  const Targets = [{ Id: 'queue', Arn }];
  await aws(emulator, 'events', 'AWSEvents.PutTargets', { Rule: 'heard', Targets });
  const heard = new Map<string, Map<string, string>>();
  const listen = async () => {
    for (;;) {
      const { Messages = [] } = await aws<{ Messages?: { Body: string; ReceiptHandle: string }[] }>(
        emulator,
        'sqs',
        'AmazonSQS.ReceiveMessage',
        { QueueUrl, MaxNumberOfMessages: 10 },
      );
      if (Messages.length === 0) return;
      for (const { Body, ReceiptHandle } of Messages) {
        const { detail } = JSON.parse(Body) as {
          detail: { id: string; flow_run: { id: string }; state: { type: string } };
        };
        const states = heard.get(detail.flow_run.id) ?? new Map<string, string>();
        // What comes twice has one id.
        states.set(detail.id, detail.state.type);
        heard.set(detail.flow_run.id, states);
        await aws(emulator, 'sqs', 'AmazonSQS.DeleteMessage', { QueueUrl, ReceiptHandle });
      }
    }
  };
  return {
    of: async (ids: readonly string[]): Promise<Map<string, string[]>> => {
      await listen();
      return new Map(ids.map((id) => [id, [...(heard.get(id)?.values() ?? [])]]));
    },
  };
}
