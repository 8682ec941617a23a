import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { request } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const ID = randomUUID();
test.each([
  ['release', `/flow_runs/${ID}/release`, { by: 'ann' }, 404, 'flow_run_not_found'],
  ['release without by', `/flow_runs/${ID}/release`, {}, 422, 'invalid_request'],
  ['release by nobody', `/flow_runs/${ID}/release`, { by: '' }, 422, 'invalid_request'],
  ['release with a typo', `/flow_runs/${ID}/release`, { by: 'a', nte: '' }, 422, 'invalid_request'],
  ['release of no id', '/flow_runs/seven/release', { by: 'ann' }, 404, 'route_not_found'],
  ['retry without by', '/flow_runs/retry', {}, 422, 'invalid_request'],
  ['retry of 0', '/flow_runs/retry', { by: 'ann', limit: 0 }, 422, 'invalid_request'],
  ['retry of 201', '/flow_runs/retry', { by: 'ann', limit: 201 }, 422, 'invalid_request'],
  ['retry, unknown filter', '/flow_runs/retry', { by: 'a', runs: {} }, 422, 'invalid_request'],
  [
    'cancel, a filter that is not known',
    '/flow_runs/cancel',
    { by: 'ann', flow_runs: { tag: { all_: ['x'] } } },
    422,
    'invalid_request',
  ],
  [
    'cancel, an unknown state',
    '/flow_runs/cancel',
    { by: 'ann', flow_runs: { state: { type: { any_: ['LOST'] } } } },
    422,
    'invalid_request',
  ],
  [
    'cancel, no time',
    '/flow_runs/cancel',
    { by: 'ann', flow_runs: { end_time: { after_: 'yesterday' } } },
    422,
    'invalid_request',
  ],
  ['cancel of text', '/flow_runs/cancel', 'all', 422, 'invalid_request'],
  ['pause without by', '/work_pools/pause', {}, 422, 'invalid_request'],
  ['resume by a number', '/work_pools/resume', { by: 7 }, 422, 'invalid_request'],
  ['drain without by', `/work_pools/p/sessions/${ID}/drain`, {}, 422, 'invalid_request'],
  [
    'drain in no pool',
    `/work_pools/p/sessions/${ID}/drain`,
    { by: 'ann' },
    404,
    'work_pool_not_found',
  ],
  ['claims', `/flow_runs/${ID}/claims`, undefined, 404, 'flow_run_not_found'],
  ['slots of a pool', '/work_pools/nope/slots', undefined, 404, 'work_pool_not_found'],
  ['slots of a queue', '/work_pools/nope/queues/q/slots', undefined, 404, 'work_pool_not_found'],
  ['slots of a deployment', `/deployments/${ID}/slots`, undefined, 404, 'deployment_not_found'],
])('bad input gets a clear error: %s', async (_, path, body, status, code) => {
  const answer = await request(stack, body === undefined ? 'GET' : 'POST', path, body);
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  expect(answer.body.hint, 'a hint says what to do').toBeTruthy();
});
