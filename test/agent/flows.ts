import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { flow } from '../../sdk/index.ts';

/** Flows that tests deploy. Each records its execution in a file that the test can read. */
const file = z.string();

function note(path: string, runId: string): void {
  appendFileSync(path, `${runId} ${process.pid}\n`);
}

export const greet = flow(
  'greet',
  async ({ name, loud }) => ({ greeting: loud ? `HELLO ${name}` : `hello ${name}` }),
  { parameters: z.object({ name: z.string(), loud: z.boolean().default(false) }) },
);

export const counted = flow('counted', ({ path }, { runId }) => note(path, runId), {
  parameters: z.object({ path: file }),
});

export const throws = flow('throws', () => {
  throw new TypeError('that does not work');
});

export const exits = flow('exits', () => process.exit(3));

export const isKilled = flow('is-killed', async () => {
  process.kill(process.pid, 'SIGKILL');
  await delay(60_000);
});

/** A value that `String` cannot convert to text. */
export const throwsBare = flow(
  'throws-bare',
  ({ path }, { runId }) => {
    note(path, runId);
    throw Object.create(null);
  },
  { parameters: z.object({ path: file }), retries: 1 },
);

export const throwsOddMessage = flow('throws-odd-message', () => {
  throw Object.assign(new TypeError(), { message: { count: 1n } });
});

export const throwsHostile = flow('throws-hostile', () => {
  throw new Proxy(new Error('?'), {
    get: () => {
      throw new Error('not for you');
    },
  });
});

export const returnsLarge = flow('returns-large', ({ bytes }) => 'x'.repeat(bytes), {
  parameters: z.object({ bytes: z.number() }),
});

export const returnsDeep = flow(
  'returns-deep',
  ({ levels }) => {
    let value: unknown = 'deep';
    for (let level = 0; level < levels; level++) value = [value];
    return value;
  },
  { parameters: z.object({ levels: z.number() }) },
);

export const returnsBigint = flow('returns-bigint', () => 1n);

/** Fails until it was executed `times` times. */
export const failsUntil = flow(
  'fails-until',
  ({ path, times }, { runId, runCount }) => {
    note(path, runId);
    if (readFileSync(path, 'utf8').trimEnd().split('\n').length < times) {
      throw new Error('not yet');
    }
    return runCount;
  },
  { parameters: z.object({ path: file, times: z.number() }), retries: 2, retryDelaySeconds: 0.1 },
);

export const waitsForRetry = flow(
  'waits-for-retry',
  ({ path }, { runId }) => {
    note(path, runId);
    throw new Error('later');
  },
  { parameters: z.object({ path: file }), retries: 1, retryDelaySeconds: 3_600 },
);

export const takesTooLong = flow('takes-too-long', () => delay(60_000), { timeoutSeconds: 0.2 });

/** A flow that only a kill ends. */
export const neverPauses = flow(
  'never-pauses',
  ({ path }, { runId }) => {
    note(path, runId);
    for (;;);
  },
  { parameters: z.object({ path: file }) },
);

export const neverPausesInTime = flow(
  'never-pauses-in-time',
  () => {
    for (;;);
  },
  { timeoutSeconds: 0.2 },
);

/** Runs until the file `gate` exists. */
export const waitsForGate = flow(
  'waits-for-gate',
  async ({ path, gate }, { runId }) => {
    note(path, runId);
    while (!existsSync(gate)) await delay(20);
    return 'the gate is open';
  },
  { parameters: z.object({ path: file, gate: file }) },
);

export const endsWhenAsked = flow(
  'ends-when-asked',
  async ({ path }, { runId, signal }) => {
    note(path, runId);
    await delay(60_000, undefined, { signal }).catch(() => {});
    appendFileSync(path, `${(signal.reason as Error).message}\n`);
  },
  { parameters: z.object({ path: file }) },
);

export const talks = flow('talks', (_, { log }) => {
  console.log('on stdout');
  console.error('on stderr');
  log.debug('a detail');
  log.error('a misfortune');
});

/** Prints lines in every way, without waiting for anything, and ends in the given way. */
export const prints = flow(
  'prints',
  ({ lines, ends }, { log }) => {
    for (let line = 1; line <= lines; line++) {
      console.log(`out ${line}`);
      console.error(`err ${line}`);
      log.info(`log ${line}`);
    }
    process.stdout.write('no line end');
    if (ends === 'throws') throw new Error('after all lines');
    if (ends === 'exits') process.exit(3);
    if (ends === 'is killed') process.kill(process.pid, 'SIGKILL');
    if (ends === 'throws where nobody catches') {
      setImmediate(() => {
        throw new Error('loose');
      });
      return delay(60_000);
    }
  },
  { parameters: z.object({ lines: z.number(), ends: z.string() }) },
);

/**
 * Sends messages to its parent that are not meant for an agent, as libraries do, and worse ones.
 */
export const speaksToItsParent = flow('speaks-to-its-parent', async (_, { log }) => {
  const foreign: unknown[] = [
    null,
    'ready',
    5,
    [],
    { type: 'log', level: 'x', message: 5 },
    { type: 'log', level: 1.5, message: 'foreign' },
    { type: 'loaded', retries: 0 },
    { type: 'end' },
    { marker: '', message: { type: 'end', end: { type: 'returned', json: '"foreign"' } } },
    { message: null },
  ];
  for (const message of foreign) process.send?.(message);
  for (const message of foreign) process.emit('message', message, undefined);
  log.info('a line of its own');
  await delay(50);
  return 'its own result';
});
