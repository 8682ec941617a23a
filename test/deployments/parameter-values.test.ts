import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { deployer } from './deployer.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const { patch, post } = requestsTo(() => stack);
const { deployed, flowAndPool } = deployer(() => stack);

const schema = (properties: object, more: object = {}) => ({
  parameter_openapi_schema: { type: 'object', properties, ...more },
  enforce_parameter_schema: true,
});
const WHEN = schema({ when: { type: 'string', format: 'date-time', title: 'when' } });
const NAIVE = { when: '2026-01-01T09:00:00' };
const SLOW = schema({ x: { type: 'string', pattern: '^(?=a).*$' } });

test('a datetime without a zone is taken as a default and by a run, as Prefect takes it', async () => {
  const { at } = await deployed({ ...WHEN, parameters: NAIVE });
  expect((await patch(at, { parameters: NAIVE })).status).toBe(204);
  const run = await post(`${at}/create_flow_run`, { parameters: NAIVE });
  expect([run.status, run.body.parameters]).toEqual([201, NAIVE]);
});

test('a refusal has the sentence of Prefect, and a hint', async () => {
  const { at } = await deployed(schema({ x: { type: 'integer', default: 1 } }));
  const why = "Validation failed for field 'x'. Failure reason: 'a' is not of type 'integer'";
  const run = await post(`${at}/create_flow_run`, { parameters: { x: 'a' } });
  expect([run.status, run.body.detail]).toEqual([409, `Error creating flow run: ${why}`]);
  expect(run.body.hint).toContain('parameter_openapi_schema');
  const change = await patch(at, { parameters: { x: 'a' } });
  expect([change.status, change.body.detail]).toEqual([409, `Error updating deployment: ${why}`]);
});

test('a pattern that cannot be matched in linear time is refused when it is deployed', async () => {
  const { flow, pool } = await flowAndPool();
  const body = { name: 'd', flow_id: flow.id, work_pool_name: pool, ...SLOW };
  const made = await post('/deployments/', body);
  expect([made.status, made.body.code]).toEqual([422, 'invalid_request']);
  expect(made.body.detail).toContain('it has a lookahead');
  const { enforce_parameter_schema: _, ...byDefault } = body;
  expect((await post('/deployments/', byDefault)).status).toBe(422);
  const { at } = await deployed();
  expect((await patch(at, SLOW)).body.detail).toContain('it has a lookahead');
});

test('such a pattern does no harm where the schema is not enforced', async () => {
  const { at } = await deployed({ ...SLOW, enforce_parameter_schema: false });
  const run = { parameters: { x: 'b' } };
  expect((await post(`${at}/create_flow_run`, run)).status).toBe(201);
  const checked = await post(`${at}/create_flow_run`, { ...run, enforce_parameter_schema: true });
  expect([checked.status, checked.body.code]).toEqual([422, 'invalid_request']);
  expect(checked.body.detail).toContain('it has a lookahead');
});

test('a schema that takes too many steps is refused with a sentence, and harms no other request', async () => {
  const levels = Array.from({ length: 40 }, (_, level) => {
    const below = { $ref: `#/$defs/level${level + 1}` };
    return [`level${level}`, { anyOf: [below, below] }];
  });
  const $defs = { ...Object.fromEntries(levels), level40: { type: 'integer' } };
  const { at } = await deployed(schema({ x: { $ref: '#/$defs/level0' } }, { $defs }));
  const run = await post(`${at}/create_flow_run`, { parameters: { x: 'a' } });
  expect([run.status, run.body.code]).toEqual([422, 'invalid_request']);
  expect(run.body.detail).toContain('would take too long');
  expect((await post(`${at}/create_flow_run`, { parameters: { x: 1 } })).status).toBe(201);
});

test('templates get their values when a run is created and when a deployment is changed', async () => {
  const name = 'templates_in_parameters';
  expect((await post('/variables/', { name, value: { a: [1] } })).status).toBe(201);
  const parameters = {
    x: { __prefect_kind: 'workspace_variable', variable_name: name },
    y: [{ __prefect_kind: 'jinja', template: '{{ 1 + 1 }}' }],
    z: { __prefect_kind: 'workspace_variable' },
  };
  const hydrated = { x: { a: [1] }, y: ['2'] };
  const { at } = await deployed({ parameters });
  const run = await post(`${at}/create_flow_run`, {});
  expect([run.status, run.body.parameters]).toEqual([201, hydrated]);
  expect((await patch(at, { parameters })).status).toBe(204);
  expect((await post(`${at}/create_flow_run`, {})).body.parameters).toEqual(hydrated);
  const nowhere = { x: { __prefect_kind: 'workspace_variable', variable_name: 'nowhere' } };
  const refused = [
    await patch(at, { parameters: nowhere }),
    await post(`${at}/create_flow_run`, { parameters: nowhere }),
  ];
  expect(refused.map(({ status, body }) => [status, body.detail])).toEqual([
    [400, "Error hydrating deployment parameters: Variable 'nowhere' not found in workspace."],
    [400, "Error hydrating flow run parameters: Variable 'nowhere' not found in workspace."],
  ]);
});
