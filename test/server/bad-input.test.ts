import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLAIMS_BAD_INPUT } from '../claims/bad-input.ts';
import { DEPLOYMENTS_BAD_INPUT } from '../deployments/bad-input.ts';
import { POOLS_BAD_INPUT } from '../pools/bad-input.ts';
import { RUNS_BAD_INPUT } from '../runs/bad-input.ts';
import { SESSIONS_BAD_INPUT } from '../sessions/bad-input.ts';
import { STATES_BAD_INPUT } from '../states/bad-input.ts';
import { type BadInput, NO_ID, type World } from '../support/bad-input.ts';
import { request } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createWork, openSession } from '../support/work.ts';
import { SERVER_BAD_INPUT } from './bad-input.ts';

let stack: TestStack;
let world: World;

beforeAll(async () => {
  stack = await startTestStack();
  const { pool, flow, deployment } = await createWork(stack.client);
  const { session } = await openSession(stack.client, pool);
  world = { pool, flowId: flow.id, deploymentId: deployment.id, sessionId: session };
});
afterAll(() => stack.stop());

/** Each room has its own, beside its tests. */
const CASES: readonly BadInput[] = [
  ...SERVER_BAD_INPUT,
  ...POOLS_BAD_INPUT,
  ...DEPLOYMENTS_BAD_INPUT,
  ...RUNS_BAD_INPUT,
  ...STATES_BAD_INPUT,
  ...CLAIMS_BAD_INPUT,
  ...SESSIONS_BAD_INPUT,
];
const DEFAULTS = { method: 'POST', status: 422, code: 'invalid_request' };
const inWorld = (part: BadInput['body']) => (typeof part === 'function' ? part(world) : part);

describe('bad input gets a clear error and changes nothing', () => {
  test.each(CASES.map((one) => ({ ...DEFAULTS, ...one })))(
    '$what: $status $code',
    async ({ method, path, body, status, code }) => {
      const answer = await request(stack, method, inWorld(path) ?? '', inWorld(body));
      expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
      expect(answer.body.hint, 'a hint says what to do').toBeTruthy();
      expect(answer.body.detail ?? answer.body.exception_message).toBeTypeOf('string');
      expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.ts:\d+/);
      const pools = await stack.client.filterWorkPools({ body: {} });
      expect(pools.map((pool) => pool.name)).toEqual([world.pool]);
      expect(await stack.client.filterFlowRuns({ body: {} })).toEqual([]);
    },
  );
});

test('an error never repeats a claim token', async () => {
  const body = { state: { type: 'NO' }, claim_token: 'very-secret' };
  const answer = await request(stack, 'POST', `/flow_runs/${NO_ID}/set_state`, body);
  expect(answer.status).toBe(422);
  expect(JSON.stringify(answer.body)).not.toContain('very-secret');
});
