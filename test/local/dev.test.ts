import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, expect, inject, it } from 'vitest';
import { processMark } from '../../process/process-mark.ts';
import { type RunningScript, runNode, untilGone } from '../support/processes.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const running: RunningScript[] = [];
afterEach(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  await Promise.all(running.splice(0).map(({ ended }) => ended));
});

function dibs(args: readonly string[], env: NodeJS.ProcessEnv = {}): RunningScript {
  const script = runNode(['cli/main.ts', ...args], env);
  running.push(script);
  return script;
}

/** Starts `dibs dev` with a port of its own and waits until it says it is ready. */
async function dev(args: readonly string[], env?: NodeJS.ProcessEnv) {
  const script = dibs(['dev', '--port', '0', ...args], env);
  const line = await script.stdout.next();
  const url = /^ready (http:\/\/127\.0\.0\.1:\d+\/api)$/.exec(line)?.[1];
  if (url === undefined) throw new Error(`not ready: ${line}`);
  return { ...script, url };
}

/** The Java that this directory's lock was extended to. */
function javaOf(data: string): number {
  const pid = Number.parseInt(readFileSync(join(data, 'lock'), 'utf8').split('\n')[1] ?? '', 10);
  expect(processMark(pid)).toBeDefined();
  return pid;
}

async function createPool(url: string, name: string): Promise<Response> {
  return await fetch(`${url}/work_pools/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, type: 'process' }),
  });
}

it.each(['SIGINT', 'SIGTERM'] as const)(
  'answers once it says ready, and %s ends all of it, with exit code 0',
  async (signal) => {
    const data = tempDirectory();
    const { url, child, ended, stdout } = await dev(['--data', data]);
    const health = await fetch(`${url}/health`);
    expect([health.status, await health.json()]).toEqual([200, true]);
    const java = javaOf(data);
    child.kill(signal);
    expect(await ended).toBe(0);
    expect(await stdout.rest()).toBe('');
    await untilGone(java);
  },
);

it('takes a Ctrl-C that npm hands on as well for one', async () => {
  const { child, ended } = await dev(['--fresh', '--no-services']);
  child.kill('SIGINT');
  child.kill('SIGINT');
  expect(await ended).toBe(0);
});

it('that is killed leaves no Java, and data that the next one reopens', async () => {
  const data = tempDirectory();
  const first = await dev(['--data', data]);
  expect((await createPool(first.url, 'kept')).status).toBe(201);
  const java = javaOf(data);
  first.child.kill('SIGKILL');
  await first.ended;
  const second = await dev(['--data', data]);
  await untilGone(java);
  expect((await fetch(`${second.url}/work_pools/kept`)).status).toBe(200);
});

it('is refused a directory that another one uses', async () => {
  const data = tempDirectory();
  const first = await dev(['--data', data]);
  const second = dibs(['dev', '--port', '0', '--data', data]);
  expect(await second.ended).toBe(1);
  expect(await second.stderr.rest()).toBe(
    `${data} is in use by another dibs dev (process ${first.child.pid}); stop that one, or choose ` +
      'another directory with --data, or keep nothing with --fresh.',
  );
});

it('says which port is busy and what to do', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { ended, stderr } = dibs(['dev', '--fresh', '--port', String(port)]);
  expect(await ended).toBe(1);
  expect(await stderr.rest()).toBe(
    `port ${port} of 127.0.0.1 is in use (EADDRINUSE); stop the program that listens there, or choose ` +
      'another port with --port (0 picks a free one).',
  );
  server.close();
});

it('refuses websockets on the paths that Prefect tries', async () => {
  const { url } = await dev(['--fresh']);
  for (const path of ['events/in', 'events/out', 'workers/connect']) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(`GET /api/${path} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n`);
    socket.write('Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: a\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 403 /);
  }
});

it('serves the hosts that it is told to', async () => {
  const elsewhere = { DIBS_DYNAMODB_ENDPOINT: inject('dynamodbEndpoint') };
  const allowed = ['--fresh', '--allow-host', 'dibs.example', '--allow-host', '.internal'];
  const { url } = await dev(allowed, { ...elsewhere, DIBS_ALLOWED_HOSTS: 'a.test, b.test' });
  const statusFor = async (host: string) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(`GET /api/health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    return (await text(socket)).split(' ')[1];
  };
  for (const host of ['dibs.example', 'x.internal', 'a.test', 'B.test']) {
    expect(await statusFor(host)).toBe('200');
  }
  expect(await statusFor('c.test')).toBe('403');
});

it.each([
  [['--allow-host', 'https://dibs.example'], '', '--allow-host <name>'],
  [[], 'dibs.example:4200', 'DIBS_ALLOWED_HOSTS'],
])('says how a host is written: %s %s', async (args, hosts, where) => {
  const { ended, stderr } = dibs(['dev', '--fresh', ...args], { DIBS_ALLOWED_HOSTS: hosts });
  expect(await ended).not.toBe(0);
  const told = await stderr.rest();
  expect(told).toContain(where);
  expect(told).toContain('without a scheme and without a port');
});

it('needs no Java when a DynamoDB runs elsewhere', async () => {
  const { url } = await dev(['--fresh'], {
    DIBS_DYNAMODB_ENDPOINT: inject('dynamodbEndpoint'),
    JAVA_HOME: '/nope',
  });
  expect((await fetch(`${url}/ready`)).status).toBe(200);
});

it('says that there is no DynamoDB where it was told to look', async () => {
  const { ended, stderr } = dibs(['dev', '--port', '0'], {
    DIBS_DYNAMODB_ENDPOINT: 'http://127.0.0.1:1',
  });
  expect(await ended).toBe(1);
  expect(await stderr.rest()).toMatch(
    /^the DynamoDB at http:\/\/127\.0\.0\.1:1 \(DIBS_DYNAMODB_ENDPOINT\) cannot be used: .*\.$/,
  );
});

it('says which Java is missing, without a stack', async () => {
  const { ended, stderr } = dibs(['dev', '--fresh', '--port', '0'], { JAVA_HOME: '/nope' });
  expect(await ended).toBe(1);
  expect(await stderr.rest()).toMatch(
    /^dibs runs DynamoDB Local, which needs Java 17 .*JAVA_HOME\.$/,
  );
});
