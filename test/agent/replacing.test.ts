import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deploy } from '../../sdk/index.ts';
import { startCuttingProxy } from '../support/cutting-proxy.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { type AgentProcess, runAgent } from './agent-process.ts';
import { neverPauses } from './flows.ts';
import { openings, startRelay } from './relay.ts';
import {
  executionsFile,
  inFlows,
  newPool,
  startTestAgent,
  stateDirectory,
  until,
} from './test-agent.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

/** The state file of the only agent that has one in this directory. */
function stateFile(stateDir: string): string {
  const [directory = ''] = readdirSync(stateDir);
  return join(stateDir, directory, 'sessions.json');
}

const sessionsIn = (path: string) => JSON.parse(readFileSync(path, 'utf8')).sessions as string[];

/** The agent's name and session, from its log. */
async function opened(agent: AgentProcess) {
  const said = await agent.says(/polls pool/);
  const [, name, sessionId] = /agent (\S+) \(session (\S+)\)/.exec(said) ?? [];
  return { name, sessionId };
}

async function kill(agent: AgentProcess): Promise<void> {
  agent.child.kill('SIGKILL');
  await agent.ended;
}

describe.concurrent('an agent with a name of its own', () => {
  test('gets its name back when it was killed, and its former session is ended at once', async () => {
    const { client, url } = stack;
    const pool = await newPool(client);
    using stateDir = stateDirectory();
    using executions = executionsFile();
    const args = ['--pool', pool, '--url', url, '--name', 'box', '--state-dir', stateDir.path];
    const deployed = await deploy(neverPauses, inFlows(client, pool, 'neverPauses'));
    await deployed.run({ path: executions.path });
    await using first = runAgent(args);
    const former = await opened(first);
    await until(() => executions.lines().length === 1);
    await kill(first);
    await using second = runAgent(args);
    const now = await opened(second);
    expect([former.name, now.name]).toEqual(['box', 'box']);
    const workers = await client.readWorkers({ name: pool });
    const ended = workers.map(({ id, ended }) => [id, ended !== null]);
    expect(Object.fromEntries(ended)).toEqual({
      [former.sessionId ?? '']: true,
      [now.sessionId ?? '']: false,
    });
  });

  test('gets its name back also when a start in between never reached the server', async () => {
    const { client, url } = stack;
    const pool = await newPool(client);
    using stateDir = stateDirectory();
    await using proxy = await startCuttingProxy(url);
    const args = [
      '--pool',
      pool,
      '--url',
      proxy.url,
      '--name',
      'box',
      '--state-dir',
      stateDir.path,
    ];
    await using first = runAgent(args);
    const former = await opened(first);
    await kill(first);
    await proxy.down();
    await using second = runAgent(args);
    await second.says(/no answer/);
    await kill(second);
    expect(sessionsIn(stateFile(stateDir.path))).toEqual([expect.any(String), former.sessionId]);
    await proxy.up();
    await using third = runAgent(args);
    const now = await opened(third);
    expect(now.name).toBe('box');
    expect(sessionsIn(stateFile(stateDir.path))).toEqual([now.sessionId]);
  });

  test('leaves it to the first one while that lives, and is called something else', async () => {
    const { client, url } = stack;
    const pool = await newPool(client);
    using stateDir = stateDirectory();
    const args = ['--pool', pool, '--url', url, '--name', 'box', '--state-dir', stateDir.path];
    await using first = runAgent(args);
    const { sessionId } = await opened(first);
    await using second = runAgent(args);
    const { name } = await opened(second);
    expect(name).toMatch(/^box-.+/);
    const workers = await client.readWorkers({ name: pool });
    expect(workers.find(({ id }) => id === sessionId)).toMatchObject({ name: 'box', ended: null });
    expect(sessionsIn(stateFile(stateDir.path))).toEqual([sessionId]);
  });

  test('leaves nothing behind when it is stopped', async () => {
    const { client, url } = stack;
    const pool = await newPool(client);
    using stateDir = stateDirectory();
    const { path } = stateDir;
    await using agent = await startTestAgent({ url, pool, name: 'box', stateDir: path });
    expect(sessionsIn(stateFile(path))).toEqual([agent.agent.sessionId]);
    await agent.agent.stop();
    expect(readdirSync(path)).toEqual([]);
  });

  test('leaves nothing behind when the server does not have it', async () => {
    using stateDir = stateDirectory();
    const { path } = stateDir;
    const start = startTestAgent({ url: stack.url, pool: 'nowhere', name: 'box', stateDir: path });
    await expect(start).rejects.toThrow('nowhere');
    await until(() => readdirSync(path).length === 0);
  });

  test('starts without what it cannot read, says so once, and replaces it', async () => {
    const { client, url } = stack;
    const pool = await newPool(client);
    using stateDir = stateDirectory();
    const args = ['--pool', pool, '--url', url, '--name', 'box', '--state-dir', stateDir.path];
    await using first = runAgent(args);
    await opened(first);
    await kill(first);
    const file = stateFile(stateDir.path);
    writeFileSync(file, '{"sessions": [5]}');
    await using second = runAgent(args);
    expect(await second.stderr.next()).toContain(`${file} cannot be used (expected {"sessions"`);
    const { name, sessionId } = await opened(second);
    expect(name).toMatch(/^box-.+/);
    expect(sessionsIn(file)).toEqual([sessionId]);
  });

  test('starts without a file where there can be none, and says so once', async () => {
    const { client, url } = stack;
    const pool = await newPool(client);
    using file = executionsFile();
    writeFileSync(file.path, 'not a directory');
    await using agent = await startTestAgent({ url, pool, name: 'box', stateDir: file.path });
    expect(agent.agent.name).toBe('box');
    expect(agent.events.map(({ type }) => type)).toEqual(['state_unusable', 'session_opened']);
  });

  test('replaces nothing when the server had ended its session', async () => {
    const { client, url } = stack;
    const pool = await newPool(client);
    using stateDir = stateDirectory();
    const { path } = stateDir;
    await using relay = await startRelay(url, { lease_seconds: 6 });
    await using agent = await startTestAgent({ url: relay.url, pool, name: 'box', stateDir: path });
    const former = agent.agent.sessionId;
    await end(pool, former);
    const { sessionId } = await agent.event('session_opened', (one) => one.sessionId !== former);
    expect(openings(relay)).toEqual([
      { sessionId: former, name: 'box', replaces: undefined },
      { sessionId, name: 'box', replaces: undefined },
    ]);
    expect(sessionsIn(stateFile(path))).toEqual([sessionId]);
  });
});

test('a session that ended before the agent heard that it was open is not asked for again', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  await using relay = await startRelay(url, {});
  await using proxy = await startCuttingProxy(relay.url);
  proxy.cut(/heartbeat/, 1);
  const starting = startTestAgent({ url: proxy.url, pool });
  await until(() => proxy.cuts === 1);
  const again = relay.hold(/heartbeat/);
  await again.arrived;
  await end(pool, openings(relay)[0]?.sessionId ?? randomUUID());
  again.release();
  await using agent = await starting;
  expect(openings(relay).at(-1)?.sessionId).toBe(agent.agent.sessionId);
  const workers = await client.readWorkers({ name: pool });
  expect(workers.filter(({ ended }) => ended === null)).toHaveLength(1);
});

/** Ends the session, as the server does when a lease has expired. */
async function end(pool: string, session_id: string): Promise<void> {
  const body = { worker_name: 'box', capacity: 0, runs: [], ended: true as const };
  await stack.client.heartbeat({ name: pool, session_id, body });
}
