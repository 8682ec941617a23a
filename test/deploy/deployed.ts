import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, createClient } from '../../client/index.ts';
import { deploy } from '../../sdk/index.ts';
import { runNode } from '../support/processes.ts';
import { allLogs } from './aws.ts';
import { cdkOf, type Outputs } from './deployment.ts';
import { type Emulator, startEmulator } from './emulator.ts';
import { counted, sleeps } from './flows.ts';

export interface DeployedApp {
  /** A command that synthesizes the app. */
  readonly app: string;
  readonly context?: readonly string[];
  /** The emulator refuses what no role grants. */
  readonly enforcesIam: boolean;
}

export interface Deployed {
  readonly emulator: Emulator;
  readonly cdk: ReturnType<typeof cdkOf>;
  readonly outputs: Outputs;
  /** The first API key, of role admin, and a client that uses it. */
  readonly key: string;
  readonly admin: Client;
  /** For the files of flows. */
  readonly folder: string;
}

const FLOWS = { counted, sleeps };
export const PLANTED = 'planted-in-the-parameters';

/**
 * Before the tests of this file, deploys the app to an emulator of AWS of its own: real processes, HTTP,
 * Lambda bundles and roles. Returns a function for the tests, which gives what was deployed.
 */
export function deployed({ app, context = [], enforcesIam }: DeployedApp): () => Deployed {
  let emulator: Emulator;
  let cdk: ReturnType<typeof cdkOf>;
  let folder: string;
  let made: Deployed;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dibs-deployed-'));
    emulator = await startEmulator({ enforcesIam });
    cdk = cdkOf(emulator, app, context);
    await cdk.bootstrap();
    await cdk.deploy();
    const outputs = cdk.outputs();
    const key = await firstKey(outputs, emulator);
    const headers = { authorization: `Bearer ${key}` };
    const admin = createClient({ url: outputs.url, headers, timeoutMs: 60_000 });
    made = { emulator, cdk, outputs, key, admin, folder };
  }, 300_000);

  afterAll(async () => {
    cdk?.remove();
    await emulator?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  return () => made;
}

/** Creates the first key with the very command that the stack's output gives. */
async function firstKey(outputs: Outputs, emulator: Emulator): Promise<string> {
  const [npx, no, dibs, ...args] = outputs.firstKey.split(' ');
  expect([npx, no, dibs]).toEqual(['npx', '--no', 'dibs']);
  const made = runNode(['cli/main.ts', ...args], emulator.env);
  const [key = ''] = (await made.stdout.rest()).split('\n');
  expect(key, await made.stderr.rest()).toMatch(/^dibs_/);
  return key;
}

/** Starts an agent in a process of its own. */
export function startAgent(
  { outputs, folder }: Deployed,
  { pool, agentKey }: { pool: string; agentKey: string },
  limit: number,
) {
  return runNode(['cli/main.ts', 'agent', 'start', '--pool', pool, '--limit', String(limit)], {
    DIBS_API_URL: outputs.url,
    DIBS_API_KEY: agentKey,
    XDG_STATE_HOME: folder,
  });
}

/** Deploys a flow that writes to `path` to a new pool, for which there is an agent's key. */
export async function deployFlow({ admin }: Deployed, name: keyof typeof FLOWS, path: string) {
  const pool = `pool-${randomUUID().slice(0, 8)}`;
  await admin.createWorkPool({ body: { name: pool, type: 'process' } });
  const { key: agentKey } = await admin.createApiKey({
    body: { name: pool, role: 'agent', pools: [pool] },
  });
  const { id } = await deploy(FLOWS[name], {
    name: pool,
    pool,
    module: new URL('./flows.ts', import.meta.url).href,
    export: name,
    parameters: { path, secret: PLANTED },
    client: admin,
  });
  return { id, pool, agentKey };
}

/** The last tests of a deployment: what its Lambdas logged, and its end. */
export function endsWell(app: () => Deployed): void {
  test('nothing was refused by IAM, and no Lambda failed', async () => {
    const text = (await allLogs(app().emulator)).join('\n');
    expect(text).not.toMatch(/AccessDenied|not authorized/);
    expect(text).not.toMatch(/"level":"ERROR"/);
  });

  test('it is taken away whole', async () => {
    const { cdk, outputs } = app();
    await cdk.destroy();
    const answer = await fetch(`${outputs.url}/health`);
    expect(answer.status).not.toBe(200);
  }, 120_000);
}
