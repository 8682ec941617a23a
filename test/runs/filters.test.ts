import { describe, expect, test } from 'vitest';
import { type DeploymentFilter, matchesDeployment } from '../../core/filters/deployments.ts';
import { type FlowFilter, matchesFlow } from '../../core/filters/flows.ts';
import {
  matchesWorkPool,
  matchesWorkQueue,
  type WorkPoolFilter,
  type WorkQueueFilter,
} from '../../core/filters/work-pools.ts';

const flow = { id: 'f1', name: 'Report-Daily', tags: ['a', 'b'], isDeployed: true };
const deployment = {
  id: 'd1',
  name: 'Nightly',
  paused: false,
  tags: ['a'],
  flowName: 'Report',
  queueName: null,
};

describe('a flow is matched', () => {
  const yes: [string, FlowFilter | null][] = [
    ['by no filter', null],
    ['by an empty filter', {}],
    ['by an empty filter under or_', { operator: 'or_' }],
    ['by its id', { id: { any_: ['x', 'f1'] } }],
    ['where others are left out', { id: { not_any_: ['x'] } }],
    ['where nothing is left out', { id: { not_any_: [] } }],
    ['by its name', { name: { any_: ['Report-Daily'] } }],
    ['by a part of its name in any case', { name: { like_: 'report-D' } }],
    ['by an empty part', { name: { like_: '' } }],
    ['by all of some of its tags', { tags: { all_: ['b', 'a'] } }],
    ['by all of no tags', { tags: { all_: [] } }],
    ['as one that has tags', { tags: { is_null_: false } }],
    [
      'by either of two things said of tags',
      { tags: { operator: 'or_', all_: ['a'], is_null_: true } },
    ],
    ['as one that is deployed', { deployment: { is_null_: false } }],
    ['where deployments are named and nothing is asked of them', { deployment: {} }],
    [
      'by one of two criteria under or_',
      { operator: 'or_', id: { any_: [] }, name: { like_: 'daily' } },
    ],
    ['under or_ by a criterion that says nothing', { operator: 'or_', id: { any_: [] }, name: {} }],
  ];
  test.each(['rep%y', '%', '_eport', 'REPORT_daily%'])('by wildcards of SQL: %s', (like_) =>
    expect(matchesFlow({ name: { like_ } })(flow)).toBe(true),
  );
  test.each(yes)('%s', (_, filter) => expect(matchesFlow(filter)(flow)).toBe(true));
});

describe('a flow is not matched', () => {
  const no: [string, FlowFilter][] = [
    ['by an empty list of ids', { id: { any_: [] } }],
    ['where it is left out', { id: { any_: ['f1'], not_any_: ['f1'] } }],
    ['by its name in another case', { name: { any_: ['report-daily'] } }],
    ['by another name', { name: { like_: 'weekly' } }],
    ['by pieces in another order', { name: { like_: 'daily%rep' } }],
    ['by one character too many', { name: { like_: 'report__daily' } }],
    ['by more tags than it has', { tags: { all_: ['a', 'c'] } }],
    ['as one without tags', { tags: { is_null_: true } }],
    ['as one without deployments', { deployment: { is_null_: true } }],
    ['by one of two criteria', { id: { any_: ['f1'] }, name: { like_: 'weekly' } }],
    [
      'by none of two criteria under or_',
      { operator: 'or_', id: { any_: [] }, name: { any_: [] } },
    ],
  ];
  test.each(no)('%s', (_, filter) => expect(matchesFlow(filter)(flow)).toBe(false));
});

test.each<[boolean, DeploymentFilter]>([
  [true, {}],
  [true, { id: { any_: ['d1'] } }],
  [false, { id: { not_any_: ['d1'] } }],
  [true, { name: { like_: 'night' } }],
  [true, { flow_or_deployment_name: { like_: 'night' } }],
  [true, { flow_or_deployment_name: { like_: 'REPORT' } }],
  [false, { flow_or_deployment_name: { like_: 'else' } }],
  [true, { flow_or_deployment_name: {} }],
  [true, { paused: { eq_: false } }],
  [false, { paused: { eq_: true } }],
  [true, { paused: {} }],
  [true, { tags: { any_: ['a', 'z'] } }],
  [false, { tags: { any_: [] } }],
  [false, { tags: { any_: ['z'] } }],
  [false, { work_queue_name: { any_: ['default'] } }],
  [true, { operator: 'or_', work_queue_name: { any_: ['default'] }, paused: { eq_: false } }],
])('a deployment is matched: %s, by %j', (expected, filter) => {
  expect(matchesDeployment(filter)(deployment)).toBe(expected);
});

test.each<[boolean, WorkPoolFilter]>([
  [true, { id: { any_: ['p1'] }, name: { any_: ['pool'] }, type: { any_: ['process'] } }],
  [false, { id: { any_: ['p1'] }, type: { any_: ['docker'] } }],
  [true, { operator: 'or_', id: { any_: ['p1'] }, type: { any_: ['docker'] } }],
])('a pool is matched: %s, by %j', (expected, filter) => {
  expect(matchesWorkPool(filter)({ id: 'p1', name: 'pool', type: 'process' })).toBe(expected);
});

test.each<[boolean, WorkQueueFilter]>([
  [true, { id: { any_: ['q1'] } }],
  [true, { name: { startswith_: ['x', 'high'] } }],
  [false, { name: { any_: ['other'], startswith_: ['high'] } }],
  [false, { name: { startswith_: [] } }],
])('a queue is matched: %s, by %j', (expected, filter) => {
  expect(matchesWorkQueue(filter)({ queueId: 'q1', queueName: 'high-gpu' })).toBe(expected);
});
