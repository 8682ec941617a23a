import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHttpServer, type HttpServer } from '../../local/http-server.ts';

/** Which requests the local stack takes: no web page may drive it through a browser. */
let reached = 0;
let server: HttpServer;
let port: number;

beforeEach(() => start([]));
afterEach(() => server.close());

async function start(allowedHosts: readonly string[]): Promise<void> {
  reached = 0;
  const fallback = async () => {
    reached++;
    return { statusCode: 200, body: '{}' };
  };
  server = createHttpServer({ routes: [], fallback, allowedHosts });
  port = await server.listen(0);
}

async function restart(...allowedHosts: string[]): Promise<void> {
  await server.close();
  await start(allowedHosts);
}

/** As a browser or another client sends it: fetch() lets nobody choose these headers. */
async function send(headers: Record<string, string>, method = 'POST') {
  const sent = request({ host: '127.0.0.1', port, method, path: '/api/flow_runs/', headers });
  sent.end(method === 'POST' ? '{}' : undefined);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const body = (await json(response)) as { code?: string; detail?: string; hint?: string };
  return { status: response.statusCode, code: body.code, detail: body.detail, hint: body.hint };
}

it.each([
  '127.0.0.1',
  '127.0.0.1:4200',
  'localhost:4200',
  'LOCALHOST',
  'localhost.',
  'dibs.localhost:80',
  '[::1]:4200',
  '192.168.1.20:4200',
])('serves this machine by its names and by any address: %s', async (host) => {
  expect(await send({ host })).toMatchObject({ status: 200 });
});

it.each([
  'rebind.example',
  'rebind.example:4200',
  'localhost.rebind.example',
  '127.0.0.1.rebind.example',
  'notlocalhost',
  'localhost@rebind.example',
  'localhost:4200@rebind.example',
  '[::1].rebind.example',
])('refuses another name, which may be rebound to this machine: %s', async (host) => {
  const refused = await send({ host });
  expect(refused).toMatchObject({ status: 403, code: 'host_refused' });
  expect(refused.hint).toContain('--allow-host');
  expect(reached).toBe(0);
});

it.each([
  'https://evil.example',
  'http://localhost:3000',
  'http://127.0.0.1',
  'null',
  'file://',
  '',
])('refuses a page of another origin: %s', async (origin) => {
  for (const method of ['GET', 'POST', 'PATCH', 'DELETE', 'OPTIONS']) {
    const refused = await send({ host: `127.0.0.1:${port}`, origin }, method);
    expect(refused).toMatchObject({ status: 403, code: 'origin_refused' });
  }
  expect(reached).toBe(0);
});

it('serves a page of its own origin', async () => {
  const host = `localhost:${port}`;
  expect(await send({ host, origin: `http://${host}` })).toMatchObject({ status: 200 });
});

it.each(['cross-site', 'same-site'])(
  'refuses a GET that a page sends without naming its origin: %s',
  async (site) => {
    const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' };
    expect(await send(headers, 'GET')).toMatchObject({ status: 403, code: 'origin_refused' });
    expect(reached).toBe(0);
  },
);

it('serves somebody who follows a link, but no form that a page sends off', async () => {
  const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  expect(await send(headers, 'GET')).toMatchObject({ status: 200 });
  expect(await send(headers)).toMatchObject({ status: 403, code: 'origin_refused' });
});

it.each(['same-origin', 'none'])('serves what no other site caused: %s', async (site) => {
  expect(await send({ 'sec-fetch-site': site }, 'GET')).toMatchObject({ status: 200 });
});

it('serves the hosts that it is told to, and pages of them', async () => {
  await restart('dibs.example', '.internal');
  for (const host of ['dibs.example', 'DIBS.example.:4200', 'server.internal', 'a.b.internal:80']) {
    expect(await send({ host })).toMatchObject({ status: 200 });
  }
  for (const host of ['x.dibs.example', 'dibs.example.evil.example', 'internal', 'xinternal']) {
    expect(await send({ host })).toMatchObject({ status: 403 });
  }
  // A proxy may send its own name for this server, or none.
  const host = `127.0.0.1:${port}`;
  expect(await send({ host, origin: 'https://dibs.example' })).toMatchObject({ status: 200 });
  expect(await send({ host, origin: 'https://evil.example' })).toMatchObject({ status: 403 });
});
