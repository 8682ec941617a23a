import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { observedApi, observedCall } from '../../lambdas/runtime/observed.ts';
import { createTelemetry, type Telemetry } from '../../lambdas/runtime/telemetry.ts';

let lines: string[];
let telemetry: Telemetry;
beforeEach(() => {
  lines = [];
  // Powertools writes past console, to the streams themselves.
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  }
  vi.spyOn(console, 'log').mockImplementation((text) => void lines.push(String(text)));
  telemetry = createTelemetry({ stack: 'Mine', metrics: true });
});
afterEach(() => vi.restoreAllMocks());

const told = () =>
  lines
    .flatMap((text) => text.split('\n').filter((line) => line.startsWith('{')))
    .map((line) => JSON.parse(line));
const metrics = () => told().filter((line) => '_aws' in line);
const event = {
  routeKey: 'POST /api/flow_runs/{id}/set_state',
  pathParameters: { id: 'run-1' },
  requestContext: { requestId: 'r-1', authorizer: { lambda: { keyId: 'k-1' } } },
  headers: { authorization: 'Bearer planted' },
  body: '{"planted": 1}',
} as never;
const RUN = { runId: 'run-1', sessionId: 's-1', worker: 'w' };

test('a line tells which request, route, key and run it is of, and nothing that was sent', async () => {
  const handler = observedApi(telemetry, async () => {
    telemetry.tell({ ...RUN, waited: 2_000_000 });
    return { statusCode: 200 };
  });
  await handler(event, {} as never);
  const [line] = told();
  expect(line).toMatchObject({
    level: 'INFO',
    message: 'claimed',
    request_id: 'r-1',
    route: 'POST /api/flow_runs/{id}/set_state',
    key_id: 'k-1',
    run_id: 'run-1',
    session_id: 's-1',
  });
  expect(JSON.stringify(told())).not.toContain('planted');
});

test('what a call counts is one line in CloudWatch’s embedded format, by stack', async () => {
  const call = observedCall(telemetry, 'sweeper', async () => {
    telemetry.count('recovered', 2);
    telemetry.count('recovered', 1);
    telemetry.count('sessions_lapsed', 0);
    telemetry.tell({ ...RUN, waited: 1_500_000 });
    telemetry.throttled();
    telemetry.units('write', 3);
    telemetry.units('read', 0.5);
  });
  await call({});
  const [line] = metrics();
  expect(metrics()).toHaveLength(1);
  expect(line).toMatchObject({
    stack: 'Mine',
    recovered: [2, 1],
    claims: 1,
    waited: 1500,
    throttled: 1,
    units: JSON.stringify({ sweeper: { read: 0.5, write: 3, calls: 2 } }),
  });
  expect(line).not.toHaveProperty('sessions_lapsed');
  expect(line._aws.CloudWatchMetrics[0].Namespace).toBe('dibs');
  expect(line.claim_latency).toBeGreaterThanOrEqual(0);
});

test('an idle poll tells nothing; its units come with the next line', async () => {
  const poll = observedCall(telemetry, 'claim', async () => telemetry.units('read', 1.5));
  await poll({});
  await poll({});
  expect(told()).toEqual([]);
  await observedCall(telemetry, 'set_state', async () => telemetry.tell(RUN))({});
  expect(JSON.parse(metrics()[0].units)).toEqual({ claim: { read: 3, write: 0, calls: 2 } });
});

test('units that nothing else tells of are a line of their own, once a minute, and no metric', async () => {
  vi.useFakeTimers({ now: Date.now() });
  const poll = observedCall(telemetry, 'claim', async () => telemetry.units('read', 1.5));
  await poll({});
  vi.advanceTimersByTime(61_000);
  await poll({});
  vi.useRealTimers();
  expect(metrics()).toEqual([]);
  const units = JSON.stringify({ claim: { read: 3, write: 0, calls: 2 } });
  expect(told()).toEqual([expect.objectContaining({ level: 'INFO', message: 'units', units })]);
});

test('the backlog of a pool has a dimension of its own, beside the oldest of all', async () => {
  const sweep = observedCall(telemetry, 'sweeper', async () => {
    telemetry.backlog({ pool: 'a', waiting: 4, oldestAt: 1_000_000, idle: 0 }, 31_000_000);
    telemetry.backlog({ pool: 'b', waiting: 0, oldestAt: null, idle: 2 }, 31_000_000);
  });
  await sweep({});
  const ofPool = (pool: string) => metrics().filter((line) => line.pool === pool);
  expect(Object.assign({}, ...ofPool('a'))).toMatchObject({
    backlog: 4,
    idle: 0,
    oldest_waiting: 30,
  });
  expect(Object.assign({}, ...ofPool('b'))).toMatchObject({
    backlog: 0,
    idle: 2,
    oldest_waiting: 0,
  });
  expect(metrics().find((line) => !('pool' in line))).toMatchObject({ oldest_waiting: [30, 0] });
  for (const line of metrics()) expect(line.stack).toBe('Mine');
});

test('a pool whose name CloudWatch refuses has no metric of its own, and spoils none of another', async () => {
  const odd = ['größe', ':colon', 'tab\t', ' ', 'x'.repeat(256)];
  const sweep = observedCall(telemetry, 'sweeper', async () => {
    for (const pool of [...odd, 'plain'])
      telemetry.backlog({ pool, waiting: 1, oldestAt: 1_000_000, idle: 0 }, 31_000_000);
  });
  await sweep({});
  const pools = metrics().flatMap((line) => line.pool ?? []);
  expect(new Set(pools)).toEqual(new Set(['plain']));
  // Of all pools they do tell.
  const ofAll = metrics().find((line) => !('pool' in line));
  expect(ofAll.oldest_waiting).toHaveLength(6);
});

test('without metrics nothing is told but the log', async () => {
  const quiet = createTelemetry({ stack: 'Mine', metrics: false });
  const call = observedCall(quiet, 'sweeper', async () => {
    quiet.count('recovered', 1);
    quiet.backlog({ pool: 'a', waiting: 1, oldestAt: 1, idle: 0 }, 2);
    quiet.log({ level: 'warn', message: 'recovery failures', error: new TypeError('odd') });
  });
  await call({});
  expect(metrics()).toEqual([]);
  expect(told()).toEqual([
    expect.objectContaining({
      level: 'WARN',
      message: 'recovery failures',
      lambda: 'sweeper',
      error: expect.objectContaining({ name: 'TypeError', message: 'odd' }),
    }),
  ]);
});

test('a call that fails has told what it counted', async () => {
  const call = observedCall(telemetry, 'scheduler', async () => {
    telemetry.count('scheduled', 1);
    throw new Error('then this');
  });
  await expect(call({})).rejects.toThrow('then this');
  expect(metrics()[0]).toMatchObject({ scheduled: 1 });
});
