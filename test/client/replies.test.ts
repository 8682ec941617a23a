import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isPassing } from '../../client/backoff.ts';
import { ApiError, type Client, createClient, UnreachableError } from '../../client/index.ts';
import { foreignReplies, startElsewhere } from '../support/foreign-replies.ts';

let answer: (outgoing: ServerResponse) => void = () => {};
const server = createServer((_, outgoing) => answer(outgoing));
let url = '';
let client: Client;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  client = createClient({ url, timeoutMs: 500 });
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const says = (status: number, type: string, body: string | Buffer, more = {}) => {
  answer = (outgoing) =>
    void outgoing.writeHead(status, { 'content-type': type, ...more }).end(body);
};
const json = (body: unknown, status = 200) =>
  says(status, 'application/json', JSON.stringify(body));

const BEAT = { worker_name: 'a', capacity: 1, runs: [] };
const beat = () => client.heartbeat({ name: 'p', session_id: 's', body: BEAT });
const REPLY = {
  lease_seconds: 30,
  on_lease_loss: 'stop',
  draining: false,
  cancel: [],
  lost: [],
  unknown: [],
};

const errorOf = (sent: Promise<unknown>): Promise<unknown> =>
  sent.then(
    (reply) => expect.fail(`it counted as a reply: ${JSON.stringify(reply)}`),
    (error: unknown) => error,
  );

test.each(Object.keys(foreignReplies('')))('is no reply, and may be retried: %s', async (kind) => {
  await using elsewhere = await startElsewhere();
  const reply = { status: 200, headers: {}, body: Buffer.from(JSON.stringify(REPLY)) };
  answer = (outgoing) => foreignReplies(elsewhere.url)[kind]?.(outgoing, reply);
  const error = await errorOf(beat());
  expect(error).toBeInstanceOf(UnreachableError);
  expect(isPassing(error)).toBe(true);
  expect(elsewhere.requests).toEqual([]);
});

test('a reply that fits is returned as it was sent, with fields that are not known', async () => {
  json({ ...REPLY, lease_seconds: 12.5, more: { later: [1] } });
  await expect(beat()).resolves.toEqual({ ...REPLY, lease_seconds: 12.5, more: { later: [1] } });
});

test('it says what was asked, what came, what was expected, and what to do', async () => {
  says(200, 'text/html; charset=utf-8', '<html>\n  \u001b[31m<title>Sign  in</title>');
  expect(String(await errorOf(beat()))).toBe(
    `UnreachableError: What answered at ${url} is not this API: ` +
      'POST /api/work_pools/{name}/sessions/{session_id}/heartbeat got 200 text/html ' +
      '"<html> [31m<title>Sign in</title>", but application/json was expected. ' +
      'Is there a proxy, a login page or another server in between? ' +
      'Check the address (DIBS_API_URL, PREFECT_API_URL).',
  );
  json({ ...REPLY, lease_seconds: '30 secrets' });
  const mistyped = String(await errorOf(beat()));
  expect(mistyped).toContain('at lease_seconds: Invalid input: expected number, received string');
  expect(mistyped).not.toContain('secrets');
  says(302, 'text/html', '', { location: 'https://login.example/?token=secret' });
  const led = String(await errorOf(beat()));
  expect(led).toContain('got 302 to "https://login.example/" text/html, but redirects are not');
});

test.each(['0', '-1', '0.2', '1e999', 'null', '"30"'])('a lease of %s s is none', async (lease) => {
  says(200, 'application/json', JSON.stringify(REPLY).replace(':30', `:${lease}`));
  expect(await errorOf(beat())).toBeInstanceOf(UnreachableError);
});

test('what inflates to a reply without an end is not kept either', async () => {
  const patient = createClient({ url });
  const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024, ' '));
  says(200, 'application/json', bomb, { 'content-encoding': 'gzip' });
  const beaten = patient.heartbeat({ name: 'p', session_id: 's', body: BEAT });
  expect(String(await errorOf(beaten))).toContain('its reply has no end');
});

test('another good status than the ones of the route is no reply', async () => {
  json(REPLY, 202);
  expect(String(await errorOf(beat()))).toContain('the status 200 was expected');
  says(200, 'application/json', '');
  const deleted = await errorOf(client.deleteWorkPool({ name: 'p' }));
  expect(String(deleted)).toContain('the status 204 was expected');
});

test('where no body is expected, a page is no reply', async () => {
  says(201, 'text/html', '<html>');
  expect(await errorOf(client.writeLogs({ body: [] }))).toBeInstanceOf(UnreachableError);
  says(201, 'application/json', 'null');
  await expect(client.writeLogs({ body: [] })).resolves.toBeNull();
});

test('a text counts only where the route answers with this kind of text', async () => {
  const read = () => client.downloadLogs({ id: 'r' });
  says(200, 'text/csv; charset=utf-8', 'a,b');
  await expect(read()).resolves.toBe('a,b');
  says(200, 'text/html', '<html>');
  expect(await errorOf(read())).toBeInstanceOf(UnreachableError);
});

test.each([
  ['of this API', 409, { code: 'claim_lost', detail: 'Lost.' }, 'claim_lost'],
  ['of API Gateway', 403, { message: 'Forbidden' }, undefined],
  ['of Prefect', 422, { detail: [{ loc: ['body'], msg: 'Field required' }] }, undefined],
  ['of Prefect, for a request', 401, { exception_message: 'Unauthorized' }, undefined],
])('an error %s is one', async (_, status, body, code) => {
  json(body, status);
  const error = await errorOf(beat());
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status, code });
});

test.each([429, 500, 502, 503])('a page with %i is an error that passes', async (status) => {
  says(status, 'text/html', '<html>busy</html>');
  const error = await errorOf(beat());
  expect(error).toMatchObject({ name: 'ApiError', status });
  expect(isPassing(error)).toBe(true);
});

test.each([404, 405])(
  'a page with %i where no API can be says that the address is wrong',
  async (status) => {
    says(status, 'text/html', '<html>');
    const wrong = createClient({ url: url.replace('/api', '') });
    const error = await errorOf(wrong.readHealth({}));
    expect(error).toMatchObject({ name: 'ApiError', status });
    expect(String(error)).toContain(`The address of an API ends in /api: try ${url}.`);
  },
);

test('a page where no API can be says that the address may be wrong', async () => {
  says(200, 'text/html', '<html>');
  const wrong = createClient({ url: url.replace('/api', '') });
  expect(String(await errorOf(wrong.readHealth({})))).toContain(`ends in /api: try ${url}.`);
});

test('numbers that are kept as text are checked as numbers', async () => {
  const exact = createClient({ url, exactNumbers: true });
  says(200, 'application/json', JSON.stringify({ ...REPLY, n: 0 }).replace(':30', ':30.0'));
  const reply = await exact.heartbeat({ name: 'p', session_id: 's', body: BEAT });
  expect(JSON.stringify(reply)).toContain('"lease_seconds":30.0');
});

test('another server of this kind may answer with JSON of another shape, but with no page', async () => {
  const other = createClient({ url, anyShape: true });
  json([{ name: 'p' }], 200);
  await expect(other.filterWorkPools({ body: {} })).resolves.toEqual([{ name: 'p' }]);
  says(200, 'text/html', '<html>');
  expect(await errorOf(other.filterWorkPools({ body: {} }))).toBeInstanceOf(UnreachableError);
});
