import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { lambdaContext } from '../../local/lambda-context.ts';
import { freshTable } from '../support/dynamodb.ts';

/** The modules that Lambda loads, with the environment Lambda gives them. */
beforeEach(async () => {
  const { endpoint, tableName } = await freshTable();
  vi.resetModules();
  vi.stubEnv('DIBS_TABLE', tableName);
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', endpoint);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
});
afterEach(() => vi.unstubAllEnvs());

function event(
  routeKey: string,
  more: Partial<APIGatewayProxyEventV2> = {},
): APIGatewayProxyEventV2 {
  const [method = '', path = ''] = routeKey.split(' ');
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: '',
    headers: { 'content-type': 'application/json' },
    requestContext: {
      accountId: '1',
      apiId: '1',
      domainName: 'x',
      domainPrefix: 'x',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: 'request-1',
      routeKey,
      stage: '$default',
      time: '',
      timeEpoch: 0,
      authorizer: { lambda: { keyId: 'k', role: 'admin', pools: 'null' } },
    } as APIGatewayProxyEventV2['requestContext'],
    isBase64Encoded: false,
    ...more,
  };
}
const context = lambdaContext('request-1', 30_000);

describe('the Lambda entry points', () => {
  test('sweep, with nobody there to poll', async () => {
    const { handler } = await import('../../lambdas/sweeper.handler.ts');
    const { fromEnvironment } = await import('../../lambdas/runtime/env.ts');
    const { createPool } = await import('../../core/pools/pools.ts');
    const { rawSession } = await import('../../model/sessions.ts');
    const { context } = fromEnvironment(process.env);
    const pool = await createPool(context, { name: 'p' });
    const dead = { ...rawSession(pool.id, 'w', 0), kind: 'agent', leaseExpiresAt: 1 } as const;
    await context.store.openSession(dead, undefined);
    await handler({});
    const session = await context.store.readSession(pool.id, dead.id);
    expect(session?.endedAt).not.toBeNull();
  });

  test('a sweep of a table that is away is a line in the log, and the next one is tried', async () => {
    vi.stubEnv('DIBS_TABLE', 'no-such-table');
    const logged = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { handler } = await import('../../lambdas/sweeper.handler.ts');
    await handler({});
    const lines = logged.mock.calls.map(([line]) => String(line));
    expect(lines.filter((line) => line.includes('"message":"round failed"'))).toHaveLength(1);
    for (const line of lines) expect(line).toContain('"lambda":"sweeper"');
    logged.mockRestore();
  });

  test('serve their routes on the table the environment names', async () => {
    const control = await import('../../lambdas/control-api.handler.ts');
    const worker = await import('../../lambdas/worker-api.handler.ts');
    const created = await control.handler(
      event('POST /api/work_pools/', { body: '{"name": "p"}' }),
      context,
    );
    expect(created.statusCode).toBe(201);
    const beat = await worker.handler(
      event('POST /api/work_pools/{name}/sessions/{session_id}/heartbeat', {
        pathParameters: { name: 'p', session_id: '00000000-0000-4000-8000-000000000001' },
        body: '{"worker_name": "w", "started": true, "capacity": 1, "runs": []}',
      }),
      context,
    );
    expect(JSON.parse(beat.body ?? '')).toMatchObject({ lease_seconds: 30 });
  });

  test('a missing variable fails at the cold start, by its name', async () => {
    vi.stubEnv('DIBS_TABLE', '');
    await expect(import('../../lambdas/worker-api.handler.ts')).rejects.toThrow('DIBS_TABLE');
  });

  test('bodies in base64, gzip among them, are read as what they are', async () => {
    const { handler } = await import('../../lambdas/control-api.handler.ts');
    const create = (bytes: Buffer, headers: Record<string, string>) =>
      handler(
        event('POST /api/work_pools', {
          headers,
          body: bytes.toString('base64'),
          isBase64Encoded: true,
        }),
        context,
      );
    expect((await create(Buffer.from('{"name": "a"}'), {})).statusCode).toBe(201);
    const gzip = { 'content-encoding': 'gzip' };
    expect((await create(gzipSync('{"name": "b"}'), gzip)).statusCode).toBe(201);
    const upper = { 'content-encoding': 'GZIP' };
    expect((await create(gzipSync('{"name": "c"}'), upper)).statusCode).toBe(201);
    expect((await create(Buffer.from('not gzip'), gzip)).statusCode).toBe(422);
    const latin = Buffer.from('{"name": "f\u00fcnf"}', 'latin1');
    expect((await create(latin, {})).body).toContain('not UTF-8');
    expect((await create(gzipSync(latin), gzip)).body).toContain('not UTF-8');
  });

  test('a path that ends in a slash comes by the default route, and is found', async () => {
    const { handler } = await import('../../lambdas/control-api.handler.ts');
    const byDefault = (method: string, rawPath: string, body?: string) => {
      const sent = event(`${method} ${rawPath}`, { rawPath, ...(body ? { body } : {}) });
      return handler({ ...sent, routeKey: '$default' }, context);
    };
    const created = await byDefault('POST', '/api/flows/', '{"name": "f"}');
    expect(created.statusCode).toBe(201);
    const { id } = JSON.parse(created.body ?? '');
    expect((await byDefault('GET', `/api/flows/${id}/`)).statusCode).toBe(200);
    expect((await byDefault('POST', '/api/logs/', '[]')).statusCode).toBe(201);
    expect((await byDefault('GET', '/api/nowhere/')).statusCode).toBe(404);
    expect((await byDefault('PUT', '/api/flows/')).statusCode).toBe(405);
  });

  test('without the word of the authorizer nothing is served but what needs no key', async () => {
    const { handler } = await import('../../lambdas/control-api.handler.ts');
    const unknown = (routeKey: string) => {
      const { requestContext, ...sent } = event(routeKey, { body: '{}' });
      const { authorizer, ...bare } = requestContext as typeof requestContext & {
        authorizer: object;
      };
      return handler({ ...sent, requestContext: bare }, context);
    };
    expect((await unknown('POST /api/work_pools/filter')).statusCode).toBe(401);
    expect((await unknown('POST /api/keys')).statusCode).toBe(401);
    expect((await unknown('GET /api/health')).statusCode).toBe(200);
  });

  test('what API Gateway leaves out, or sends as null, is nothing', async () => {
    const { handler } = await import('../../lambdas/control-api.handler.ts');
    const sent = event('POST /api/flows/filter', { body: '{}' });
    const odd = {
      pathParameters: null,
      queryStringParameters: null,
      cookies: null,
      stageVariables: null,
    };
    const answer = await handler({ ...sent, ...odd } as never, context);
    expect([answer.statusCode, answer.body]).toEqual([200, '[]']);
  });

  test('where DynamoDB turns writes away, it is tried again; then the answer is 503, and it is counted', async () => {
    const { createServer } = await import('node:http');
    const asked: string[] = [];
    const throttling = createServer((request, response) => {
      asked.push(String(request.headers['x-amz-target']));
      request.resume();
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
      response.end('{"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException"}');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => throttling.once('listening', resolve));
    const { port } = throttling.address() as { port: number };
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', `http://127.0.0.1:${port}`);
    const told: string[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((line) => void told.push(String(line)));
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => told.push(String(text)) > 0);
    const { handler } = await import('../../lambdas/control-api.handler.ts');
    const answer = await handler(event('POST /api/work_pools/filter', { body: '{}' }), context);
    log.mockRestore();
    vi.restoreAllMocks();
    throttling.closeAllConnections();
    throttling.close();
    expect(answer.statusCode).toBe(503);
    expect(answer.headers).toMatchObject({ 'retry-after': '1' });
    expect(asked).toHaveLength(5);
    const metrics = told.find((line) => line.includes('"CloudWatchMetrics"')) ?? '{}';
    expect(JSON.parse(metrics)).toMatchObject({ throttled: [1, 1, 1, 1, 1], unavailable: 1 });
  });

  test('where the database is away, the answer is a 503 that may be tried again', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', 'http://127.0.0.1:9');
    const { handler } = await import('../../lambdas/control-api.handler.ts');
    const answer = await handler(event('POST /api/work_pools/filter', { body: '{}' }), context);
    expect(answer.statusCode).toBe(503);
    expect(answer.headers).toMatchObject({ 'retry-after': '1' });
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ code: 'unavailable' });
  });
});
