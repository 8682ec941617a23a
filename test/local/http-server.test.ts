import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { afterEach, expect, it, vi } from 'vitest';
import type { HttpHandler } from '../../lambdas/http/http.ts';
import { createHttpServer, type HttpServer } from '../../local/http-server.ts';

let running: HttpServer | undefined;
afterEach(async () => {
  await running?.close();
  vi.restoreAllMocks();
});

/** Answers with the event it got. */
const echo: HttpHandler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });

/** Serves one handler on two routes and as the fallback; gives the URL. */
async function serve(handler: HttpHandler, timeoutMs?: number): Promise<string> {
  running = createHttpServer({
    routes: ['POST /api/pools/{name}/claim', 'GET /api/flows/{flow}/{id}'].map((routeKey) => ({
      routeKey,
      handler,
    })),
    fallback: handler,
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  return `http://127.0.0.1:${await running.listen(0)}`;
}

async function eventOf(path: string, init?: RequestInit): Promise<APIGatewayProxyEventV2> {
  const response = await fetch((await serve(echo)) + path, init);
  return (await response.json()) as APIGatewayProxyEventV2;
}

/** Sends bytes as they are and gives all that comes back until the connection is closed. */
async function raw(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(bytes);
  return await text(socket);
}

it('makes the event that API Gateway makes', async () => {
  const event = await eventOf('/api/pools/p1/claim?a=1&b=x%20y&a=2', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Many': '1', cookie: 'k=v; l=w' },
    body: '{"slots":1}',
  });
  expect(event).toMatchObject({
    version: '2.0',
    routeKey: 'POST /api/pools/{name}/claim',
    rawPath: '/api/pools/p1/claim',
    rawQueryString: 'a=1&b=x%20y&a=2',
    queryStringParameters: { a: '1,2', b: 'x y' },
    pathParameters: { name: 'p1' },
    cookies: ['k=v', 'l=w'],
    headers: { 'content-type': 'application/json', 'x-many': '1', 'x-forwarded-proto': 'http' },
    body: '{"slots":1}',
    isBase64Encoded: false,
    requestContext: {
      http: {
        method: 'POST',
        path: '/api/pools/p1/claim',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
      },
      routeKey: 'POST /api/pools/{name}/claim',
      stage: '$default',
      requestId: expect.stringMatching(/^[\w-]{36}$/),
      time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      timeEpoch: expect.any(Number),
    },
  });
  expect(event.headers).not.toHaveProperty('cookie');
  expect(event.headers).not.toHaveProperty('connection');
});

it('leaves out of the event what the request has not', async () => {
  const event = await eventOf('/elsewhere');
  expect(event.routeKey).toBe('$default');
  for (const absent of ['body', 'cookies', 'pathParameters', 'queryStringParameters']) {
    expect(event).not.toHaveProperty(absent);
  }
});

it('joins a header that was sent twice', async () => {
  const answer = await raw(
    await serve(echo),
    'GET / HTTP/1.1\r\nHost: localhost\r\nX-Tag: one\r\nx-tag: two\r\nConnection: close\r\n\r\n',
  );
  expect(answer).toContain('"x-tag":"one,two"');
});

it.each([
  ['spaces and letters of any kind', '/api/flows/a%20b/gr%C3%B6%C3%9Fe/', 'a b', 'größe'],
  ['a slash, which cuts like any other', '/api/flows/a%2Fb', 'a', 'b'],
  ['a ?, which ends the path', '/api/flows/a/b%3F/c?d=e', 'a', 'b'],
])('decodes a path before it finds the route: %s', async (_, path, flow, id) => {
  const event = await eventOf(path);
  expect(event.routeKey).toBe('GET /api/flows/{flow}/{id}');
  expect(event.pathParameters).toEqual({ flow, id });
  expect(event.rawPath.replace(/\/$/, '')).toBe(`/api/flows/${flow}/${id}`);
});

it('finds another route where a decoded path is longer or shorter than it was sent', async () => {
  expect((await eventOf('/api/flows/a%2Fb/c')).routeKey).toBe('$default');
  await running?.close();
  expect((await eventOf('/api/flows/a%3F/c')).routeKey).toBe('$default');
});

it.each([
  ['/api/flows/f/%zz', '%zz'],
  ['/api/flows/f/50%', '50%'],
  ['/api/flows/f/my%deployment', 'my%deployment'],
  ['/api/flows/f/100%25', '100%'],
  ['/api/flows/f/%C3%BC%', 'ü%'],
])('takes a percent sign that encodes nothing as it is: %s', async (path, id) => {
  expect((await eventOf(path)).pathParameters).toEqual({ flow: 'f', id });
});

const gzipped = gzipSync('{"a":1}');
it.each<[string, Record<string, string>, Uint8Array<ArrayBuffer>, boolean]>([
  ['JSON', { 'content-type': 'application/json' }, bytes('{"a":"é"}'), false],
  ['a kind of JSON', { 'content-type': 'application/a.b+json; charset=x' }, bytes('{}'), false],
  ['text', { 'content-type': 'text/plain' }, bytes('hi'), false],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, bytes('a=b'), true],
  ['binary', { 'content-type': 'application/octet-stream' }, new Uint8Array([0, 255]), true],
  ['no type at all', {}, bytes('hi'), true],
  [
    'gzip',
    { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    new Uint8Array(gzipped),
    true,
  ],
  [
    'some encoding that looks like text',
    { 'content-type': 'application/json', 'content-encoding': 'x' },
    bytes('{}'),
    true,
  ],
  ['no UTF-8', { 'content-type': 'application/json' }, new Uint8Array([34, 255, 34]), true],
])('hands on a body of %s without loss', async (_, headers, body, isBase64Encoded) => {
  const event = await eventOf('/api/pools/p/claim', { method: 'POST', headers, body });
  expect(event.isBase64Encoded).toBe(isBase64Encoded);
  const received = Buffer.from(event.body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  expect(received.equals(body)).toBe(true);
});

function bytes(value: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(value));
}

it('takes 6 MB and not a byte more', async () => {
  const url = await serve(async (event) => ({
    statusCode: 200,
    body: String(event.body?.length),
  }));
  const post = (size: number) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: 'x'.repeat(size),
    });
  const limit = 6 * 1024 * 1024;
  expect(await (await post(limit)).text()).toBe(String(limit));
  const tooLarge = await post(limit + 1);
  expect(tooLarge.status).toBe(413);
  expect(await tooLarge.json()).toEqual({ message: 'Request Entity Too Large' });
});

it.each<[string, APIGatewayProxyStructuredResultV2, number, string, Record<string, string>]>([
  ['text', { statusCode: 201, body: 'é' }, 201, 'é', { 'content-length': '2' }],
  [
    'headers and cookies',
    {
      headers: { 'content-type': 'application/json', 'x-n': 7 },
      cookies: ['a=b', 'c=d'],
      body: '1',
    },
    200,
    '1',
    { 'content-type': 'application/json', 'x-n': '7' },
  ],
  ['base64', { statusCode: 200, body: 'aGk=', isBase64Encoded: true }, 200, 'hi', {}],
  ['204', { statusCode: 204, body: 'ignored', headers: { 'x-n': 1 } }, 204, '', { 'x-n': '1' }],
])('turns a result of %s into a response', async (_, result, status, body, headers) => {
  const response = await fetch(await serve(async () => result));
  expect([response.status, await response.text()]).toEqual([status, body]);
  expect(Object.fromEntries(response.headers)).toMatchObject(headers);
  expect(response.headers.getSetCookie()).toEqual(result.cookies ?? []);
  if (status === 204) expect(response.headers.has('content-type')).toBe(false);
});

it.each<[string, HttpHandler]>([
  [
    'a handler that throws',
    () => {
      throw new Error('secret');
    },
  ],
  ['a handler that rejects', () => Promise.reject(new Error('secret'))],
  ['a result that is none', async () => undefined as never],
  ['a result over 6 MB', async () => ({ body: 'x'.repeat(6 * 1024 * 1024 + 1) })],
  ['a header that HTTP forbids', async () => ({ headers: { 'x-a': 'b\r\nc' } })],
])('answers %s with 500, and the operator learns why', async (_, handler) => {
  const log = vi.spyOn(console, 'error').mockReturnValue(undefined);
  const response = await fetch(await serve(handler));
  expect(response.status).toBe(500);
  expect(await response.text()).toBe('{"message":"Internal Server Error"}');
  expect(log).toHaveBeenCalledOnce();
});

it('answers with 503 when the handler does not', async () => {
  const response = await fetch(await serve(() => new Promise(() => {}), 20));
  expect([response.status, await response.json()]).toEqual([
    503,
    { message: 'Service Unavailable' },
  ]);
});

it('tells the handler how long it has', async () => {
  const url = await serve(async (_, context) => ({
    body: JSON.stringify([context.awsRequestId, context.getRemainingTimeInMillis()]),
  }));
  const [id, left] = (await (await fetch(url)).json()) as [string, number];
  expect(id).toMatch(/^[\w-]{36}$/);
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThanOrEqual(30_000);
});

const upgrade = (protocol: string) =>
  `GET /api/events/in HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`;

it('refuses a websocket at once, with 403, and closes', async () => {
  const answer = await raw(await serve(echo), upgrade('websocket'));
  expect(answer).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
  expect(answer).toMatch(/\r\n\r\n\{"message":"Forbidden"\}$/);
});

it('passes over an offer of HTTP/2', async () => {
  const answer = await raw(
    await serve(echo),
    upgrade('h2c').replace('Upgrade\r', 'close, Upgrade\r'),
  );
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
});

it('survives clients that go away in the middle', async () => {
  const url = await serve(echo);
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf');
  await once(socket, 'ready');
  socket.resetAndDestroy();
  expect((await fetch(url)).status).toBe(200);
});

it('lets a request in flight end when it is closed, and takes no more', async () => {
  const entered = Promise.withResolvers<void>();
  const leave = Promise.withResolvers<void>();
  const url = await serve(async () => {
    entered.resolve();
    await leave.promise;
    return { body: 'done' };
  });
  const response = fetch(url);
  await entered.promise;
  const closed = running?.close();
  await expect(fetch(url)).rejects.toThrow();
  leave.resolve();
  expect((await response).headers.get('connection')).toBe('close');
  expect(await (await response).text()).toBe('done');
  await closed;
});

it('says EADDRINUSE for a port that is taken', async () => {
  const url = await serve(echo);
  const second = createHttpServer({ routes: [], fallback: echo });
  await expect(second.listen(Number(new URL(url).port))).rejects.toThrow('EADDRINUSE');
});
