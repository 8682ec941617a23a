import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deployer } from '../deployments/deployer.ts';
import { requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const { patch, post } = requestsTo(() => stack);
const { deployed } = deployer(() => stack);

const PROPERTIES = {
  working_dir: { type: 'string', format: 'path' },
  env: { type: 'object', default: {} },
  id: { type: 'string', format: 'uuid' },
  needed: { type: 'integer' },
};
const template = (properties: object, required: readonly string[] = []) => ({
  job_configuration: { command: 'x' },
  variables: { type: 'object', properties, required },
});

async function inPool(properties: object, required: readonly string[] = []) {
  const name = randomUUID();
  const pool = { name, type: 'process', base_job_template: template(properties, required) };
  expect((await post('/work_pools/', pool)).status).toBe(201);
  return deployed({ work_pool_name: name });
}

/** Deploys with these job variables, creates a run with them, and changes that run to have them. */
async function everywhere(properties: object, required: readonly string[], variables: object) {
  const job_variables = variables;
  const { at, deployment } = await inPool(properties, required);
  const { name, flow_id, work_pool_name } = deployment;
  const again = await post('/deployments/', { name, flow_id, work_pool_name, job_variables });
  const run = await post(`${at}/create_flow_run`, { job_variables });
  const plain = await post('/flow_runs/', {
    flow_id,
    work_pool_name,
    state: { type: 'SCHEDULED' },
  });
  const changed = await patch(`/flow_runs/${plain.body.id}`, { job_variables });
  return [again, run, changed];
}

test.each([
  ['null for a variable without a default', { working_dir: null }],
  ['null for one with a default', { env: null }],
  ['a text that does not have its format', { id: 'nope', working_dir: 'a b' }],
  ['a variable that the template does not name', { other: 1 }],
])('taken as in Prefect: %s', async (_, variables) => {
  const answers = await everywhere(PROPERTIES, [], variables);
  expect(answers.map(({ status }) => status)).toEqual([200, 201, 204]);
});

test('a variable that does not fit is refused in the words of Prefect', async () => {
  const [again, run, changed] = await everywhere(PROPERTIES, [], { env: 3 });
  const why =
    "Validation failed for field 'env'. Failure reason: 3 is not valid under any of the given schemas";
  const details = [again, run, changed].map((one) => [one?.status, one?.body.detail]);
  expect(details).toEqual([
    [422, `Error creating deployment: ${why}`],
    [422, `Error creating flow run: ${why}`],
    [422, `Error updating flow run: ${why}`],
  ]);
});

test('null is refused for a required variable, and so is a run without it', async () => {
  const { at } = await inPool(PROPERTIES, ['needed']);
  const refused = [{ needed: null }, {}].map((job_variables) =>
    post(`${at}/create_flow_run`, { job_variables }),
  );
  const details = (await Promise.all(refused)).map(({ body }) => body.detail);
  expect(details).toEqual([
    expect.stringContaining("None is not of type 'integer'"),
    expect.stringContaining("'needed' is a required property"),
  ]);
  expect((await post(`${at}/create_flow_run`, { job_variables: { needed: 1 } })).status).toBe(201);
});

test('a default that names a block counts as given, and is not itself held to the type', async () => {
  const id = { $ref: { block_document_id: null } };
  const { at } = await inPool({ id: { type: 'string', default: id } }, ['id']);
  expect((await post(`${at}/create_flow_run`, {})).status).toBe(201);
});

test.each([
  ['a default of null', { image: { type: 'string', default: null } }, 201],
  [
    'a default without its format',
    { id: { type: 'string', format: 'uuid', default: 'nope' } },
    201,
  ],
  [
    'a default that fits a pattern of Python',
    { m: { pattern: '^\\d\\-\\d\\Z', default: '1-2' } },
    201,
  ],
  ['a default of another type', { id: { type: 'string', default: 3 } }, 422],
  ['a pattern with a lookahead', { id: { type: 'string', pattern: '(?=a)' } }, 422],
])('a new pool: %s', async (_, properties, status) => {
  const made = await post('/work_pools/', {
    name: randomUUID(),
    type: 'process',
    base_job_template: template(properties),
  });
  expect([made.status, made.body.code]).toEqual([
    status,
    status === 201 ? undefined : 'template_invalid',
  ]);
});
