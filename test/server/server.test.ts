import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exchange } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const send = (method: string, path: string, headers?: Record<string, string>, body?: object) =>
  exchange(stack, method, path, body, headers);

describe("what Prefect's clients ask the server itself", () => {
  test.each<[string, number, unknown]>([
    ['/health', 200, true],
    ['/ready', 200, { message: 'OK' }],
    ['/hello', 200, '👋'],
    ['/version', 200, '0.8.4'],
    ['/admin/version', 200, '3.99.0'],
    ['/admin/storage', 200, { default_result_storage_block_id: null }],
    ['/admin/settings', 200, { server: { analytics_enabled: false } }],
    [
      '/csrf-token?client=83cbbf9c-91e6-4308-9075-425ed00e493b',
      422,
      {
        detail: 'CSRF protection is disabled.',
      },
    ],
    ['/csrf-token', 422, { detail: 'CSRF protection is disabled.' }],
  ])('%s is %i %j', async (path, status, body) => {
    expect(await send('GET', path)).toMatchObject({ status, body });
    const [plain, query] = path.split('?');
    const slashed = `${plain}/${query ? `?${query}` : ''}`;
    expect(await send('GET', slashed)).toMatchObject({ status, body });
  });

  test('the version is JSON text, of the major version that they have', async () => {
    const { text: version, headers } = await send('GET', '/admin/version');
    expect(version).toMatch(/^"3\.\d+\.\d+"$/);
    expect(headers.get('content-type')).toBe('application/json');
  });

  test('the types of work pools have templates that a work pool can be created with', async () => {
    const { body } = await send('GET', '/collections/views/aggregate-worker-metadata');
    expect(Object.keys(body.prefect)).toEqual(['process', 'prefect-agent']);
    for (const [type, { default_base_job_configuration: template }] of Object.entries<{
      default_base_job_configuration: Record<string, unknown>;
    }>(body.prefect)) {
      const name = `of-type-${type}`;
      const pool = { name, type, base_job_template: template };
      const created = await stack.client.createWorkPool({ body: pool });
      expect(created.base_job_template).toEqual(template);
    }
    expect(await send('GET', '/collections/views/demo-flows')).toMatchObject({
      status: 404,
      body: { code: 'view_not_found', detail: 'View demo-flows not found in registry' },
    });
  });
});

describe('X-PREFECT-API-VERSION', () => {
  const withVersion = (version: string) =>
    send('POST', '/work_pools/filter', { 'x-prefect-api-version': version });

  test.each(['0.8.4', '0.8.0', '0.9.0', '1.0.0', ''])('%j is answered', async (version) => {
    expect((await withVersion(version)).status).toBe(200);
  });

  test.each(['0.8', 'abc', '0.8.4.1', '0.8.x', '-1.0.0', '0.7.9'])(
    '%j is 400, with what was expected',
    async (version) => {
      expect(await withVersion(version)).toMatchObject({
        status: 400,
        body: { code: 'api_version_invalid', detail: expect.stringContaining(version) },
      });
    },
  );
});

describe('a large reply', () => {
  const template = {
    job_configuration: { command: 'run' },
    variables: { properties: { long: { description: 'x'.repeat(20_000) } } },
  };
  beforeAll(async () => {
    await stack.client.createWorkPool({ body: { name: 'large', base_job_template: template } });
  });

  const read = (accepted: string, path = '/work_pools/large') =>
    send('GET', path, { 'accept-encoding': accepted });

  test.each(['gzip', 'deflate, gzip;q=0.5', 'br, GZIP'])(
    'is compressed for who accepts %s, and is the same',
    async (accepted) => {
      const { headers, body } = await read(accepted);
      expect(headers.get('content-encoding')).toBe('gzip');
      expect(headers.get('vary')).toBe('accept-encoding');
      expect(Number(headers.get('content-length'))).toBeLessThan(2_000);
      expect(body.base_job_template).toEqual(template);
    },
  );

  test.each(['identity', 'br', 'gzip;q=0'])('is plain for who accepts %s', async (accepted) => {
    const { headers, body } = await read(accepted);
    expect(headers.get('content-encoding')).toBeNull();
    expect(body.base_job_template).toEqual(template);
  });

  test('and a small one is plain for everybody', async () => {
    expect((await read('gzip', '/health')).headers.get('content-encoding')).toBeNull();
  });
});

test.each(['/events/in', '/events/out', '/logs/out', '/work_pools/p/workers/connect'])(
  'a websocket on %s is refused at once, with 403',
  async (path) => {
    const { port, hostname } = new URL(stack.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `GET /api${path} HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n` +
        'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n' +
        'sec-websocket-protocol: prefect\r\n\r\n',
    );
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
  },
);

test('every route is answered with a slash at its end, and without', async () => {
  const name = 'slashes';
  for (const [path, status] of [
    ['/work_pools/', 201],
    ['/work_pools', 409],
  ] as const) {
    expect((await send('POST', path, {}, { name })).status).toBe(status);
  }
  for (const path of [
    '/work_pools/slashes',
    '/work_pools/slashes/',
    '/work_pools/slashes/workers/',
  ]) {
    expect((await send('GET', path)).status).toBe(200);
  }
  expect((await send('POST', '/work_pools/slashes/queues/filter/')).status).toBe(200);
});

describe('the type of a body', () => {
  const post = (type: string | undefined, body: string | Uint8Array<ArrayBuffer> = '{}') =>
    fetch(`${stack.url}/flows/count`, {
      method: 'POST',
      body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
      headers: type === undefined ? {} : { 'content-type': type },
    });

  test.each([
    undefined,
    'application/json',
    'Application/JSON; charset=utf-8',
    'application/a.b+json',
  ])('is JSON, or none: %s', async (type) => {
    expect((await post(type)).status).toBe(200);
  });

  // The first three are what a web page may send to any server without asking it first.
  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain; application/json',
    'application/jsonx',
    'application/octet-stream',
  ])('is refused if it is another: %s', async (type) => {
    const response = await post(type);
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({
      code: 'media_type_unsupported',
      detail: `Expected a body of JSON; its type is "${type}".`,
      hint: expect.stringContaining('--json'),
    });
  });

  test('does not matter where there is no body', async () => {
    expect((await post('text/plain', '')).status).toBe(200);
  });
});
