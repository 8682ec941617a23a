import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { AgentEvent } from '../../agent/events.ts';
import { Bell } from '../../agent/pause.ts';
import { TaskProtection } from '../../agent/session/task-protection.ts';
import { failure, startEcsEndpoint } from './ecs-endpoint.ts';
import { until } from './test-agent.ts';

const path = 'PUT /api/1/task-protection/v1/state';
const on = { path, state: { ProtectionEnabled: true, ExpiresInMinutes: 60 } };
const off = { path, state: { ProtectionEnabled: false } };
const NEVER = 2 ** 31 - 1;
const TIMES = { renewMs: NEVER, againMs: 20, idleMs: 20, turnMs: NEVER, restMs: 50 };

async function setUp(times: Partial<typeof TIMES> = {}) {
  const ecs = await startEcsEndpoint();
  const events: AgentEvent[] = [];
  const bell = new Bell();
  const protection = new TaskProtection({
    agentUri: ecs.uri,
    onEvent: (event) => events.push(event),
    random: () => 0,
    bell,
    times: { ...TIMES, ...times },
  });
  const types = () => events.map(({ type }) => type);
  const dispose = () => ecs[Symbol.asyncDispose]();
  return { ecs, events, types, bell, protection, [Symbol.asyncDispose]: dispose };
}

test('a task is protected while it holds runs, and is told so once, not per run', async () => {
  await using scene = await setUp({ idleMs: 200 });
  const { ecs, protection } = scene;
  for (const runs of [1, 2, 1, 0, 1]) protection.hold(runs);
  await until(() => ecs.told.length > 0);
  for (const runs of [0, 1, 0, 1]) {
    protection.hold(runs);
    await delay(30);
  }
  await delay(300);
  expect(ecs.told).toEqual([on]);
  protection.hold(0);
  await until(() => ecs.told.length > 1);
  expect(ecs.told).toEqual([on, off]);
  await delay(100);
  expect(scene.events).toEqual([]);
});

test.each([
  ['a failure', failure('TASK_NOT_VALID'), 'TASK_NOT_VALID'],
  [
    'an error',
    { status: 400, body: '{"error": {"Code": "AccessDeniedException", "Message": "no"}}' },
    'AccessDeniedException: no',
  ],
  [
    'something else',
    { status: 200, body: '{"protection": {"ProtectionEnabled": false}}' },
    'expected {"protection": …}, got 200 {"protection": {"ProtectionEnabled": false}}',
  ],
  ['no JSON', { status: 502, body: 'null' }, 'expected {"protection": …}, got 502 null'],
])(
  '%s is no protection: that is said once, tried again, and keeps nobody from claiming',
  async (_, answer, reason) => {
    await using scene = await setUp({ turnMs: 30 });
    const { ecs, protection } = scene;
    ecs.refuses = answer;
    protection.hold(1);
    await until(() => ecs.told.length >= 4);
    expect(scene.events).toEqual([{ type: 'unprotected', reason }]);
    expect(protection.makesWay).toBe(false);
    ecs.refuses = undefined;
    const before = ecs.told.length;
    await until(() => protection.makesWay);
    // It was protected from then on. Otherwise, its turn would not be over.
    expect(ecs.told.slice(before)).toEqual([on]);
  },
);

test('a task that is never without runs makes way, and claims again if nobody stops it', async () => {
  await using scene = await setUp({ turnMs: 100, idleMs: 1_000 });
  const { ecs, events, protection } = scene;
  protection.hold(1);
  while (!protection.makesWay) {
    await delay(5);
    // A run has ended, and the next one is claimed.
    protection.hold(0);
    protection.hold(1);
  }
  // It finishes the runs that it holds, and is protected until they have ended.
  await delay(200);
  expect(protection.makesWay).toBe(true);
  expect(ecs.told).not.toContainEqual(off);
  protection.hold(0);
  await until(() => ecs.told.at(-1)?.state.ProtectionEnabled === false);
  await expect(scene.bell.wait(NEVER)).resolves.toBe(true);
  expect(protection.makesWay).toBe(false);
  expect(events).toEqual([
    { type: 'makes_way', reason: 'the task was protected for 0 min' },
    { type: 'claims_again' },
  ]);
  // Then all begins anew.
  protection.hold(1);
  await until(() => protection.makesWay);
});

test('a run that comes while it makes way is protected, too', async () => {
  await using scene = await setUp({ turnMs: 20, restMs: 200 });
  const { ecs, protection } = scene;
  protection.hold(1);
  await until(() => protection.makesWay);
  protection.hold(0);
  protection.hold(1);
  await delay(300);
  expect(ecs.told.at(-1)).toEqual(on);
  expect(protection.makesWay).toBe(true);
  protection.hold(0);
  await until(() => !protection.makesWay);
  expect(ecs.told.at(-1)).toEqual(off);
});

test('where more tasks are protected than there are to be, it makes way at once', async () => {
  await using scene = await setUp();
  const { ecs, protection, types } = scene;
  ecs.refuses = failure('DEPLOYMENT_BLOCKED');
  protection.hold(1);
  await until(() => protection.makesWay);
  // It holds runs anyway, and asks for protection.
  await until(() => ecs.told.length >= 3);
  expect(types()).toEqual(['unprotected', 'makes_way']);
  ecs.refuses = undefined;
  protection.hold(0);
  await until(() => !protection.makesWay);
  expect(types()).toEqual(['unprotected', 'makes_way', 'claims_again']);
});

test('an endpoint that breaks while it makes way keeps it from claiming no longer', async () => {
  await using scene = await setUp({ turnMs: 20 });
  const { ecs, protection } = scene;
  protection.hold(1);
  await until(() => protection.makesWay);
  ecs.refuses = { status: 500, body: '' };
  protection.hold(0);
  await until(() => !protection.makesWay);
});
