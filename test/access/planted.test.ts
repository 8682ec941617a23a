import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from '../../client/index.ts';
import { request } from '../support/http.ts';
import { planted } from '../support/logbook.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession } from '../support/work.ts';

/**
 * Payloads of every kind, where all goes well and where nothing does. What is logged meanwhile is looked
 * through when all tests have run: test/support/logbook.setup.ts.
 */
let stack: TestStack;
let broken: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
  // Whatever it reads or writes, its database fails.
  broken = await startTestStack({
    wrapStore: (store) =>
      Object.fromEntries(
        Object.keys(store).map((verb) => [
          verb,
          async () => {
            throw Object.assign(new TypeError(`${verb} is broken`), { input: undefined });
          },
        ]),
      ) as unknown as typeof store,
  });
});
afterAll(() => Promise.all([stack.stop(), broken.stop()]));

const send = async (path: string, body: unknown, headers = {}, to = stack) =>
  (await request(to, 'POST', path, body, headers)).status;

test('parameters, results, messages, variables, blocks, inputs, logs, artifacts', async () => {
  const { client } = stack;
  const { pool, deployment, flow } = await createWork(client, {
    parameters: { p: planted('parameters') },
  });
  const [id = ''] = await createRuns(client, deployment.id, 1);
  const session = await openSession(client, pool);
  const [claimed] = (await claimRuns(client, pool, session)).runs;
  const claim_token = claimed?.claim_token ?? '';
  await client.setState({ id, body: { state: { type: 'RUNNING' }, claim_token } });
  await client.createFlowRunInput({ id, body: { key: 'k', value: planted('input') } });
  await client.createVariable({ body: { name: 'v', value: planted('variable') } });
  const log = { name: 'l', level: 20, message: planted('log'), flow_run_id: id };
  expect(await send('/logs/', [{ ...log, timestamp: new Date().toISOString() }])).toBe(201);
  await client.createArtifact({ body: { key: 'a', type: 'text', data: planted('artifact') } });
  const done = { type: 'COMPLETED' as const, message: planted('message'), data: planted('data') };
  await client.setState({ id, body: { state: done, claim_token } });
  expect((await client.readFlowRun({ id })).state_type).toBe('COMPLETED');
  expect(
    await send('/flow_runs/', { flow_id: flow.id, parameters: planted('not an object') }),
  ).toBe(422);
});

test.each([
  ['/work_pools/', { name: planted('name'), type: 7 }, {}],
  ['/flow_runs/', `{"parameters": "${planted('broken json')}`, {}],
  ['/variables/', { name: planted('UPPER CASE'), value: planted('value') }, {}],
  ['/flows/filter', {}, { authorization: `Bearer ${planted('key')}` }],
  ['/flows/filter', {}, { 'dibs-claim-token': planted('token'), cookie: planted('cookie') }],
  ['/nowhere', { secret: planted('nowhere') }, {}],
])('what is refused is not logged either: %s %j', async (path, body, headers) => {
  await send(path, body, headers);
});

test('a server that fails tells what failed, and not what was sent', async () => {
  const bad = {
    flow_id: '00000000-0000-4000-8000-000000000000',
    parameters: { p: planted('failing') },
  };
  const headers = { authorization: `Bearer ${planted('failing-key')}` };
  expect(await send('/flow_runs/', bad, headers, broken)).toBe(500);
  const client = createClient({ url: broken.url });
  const made = client.createVariable({ body: { name: 'v', value: planted('failing-variable') } });
  await expect(made).rejects.toMatchObject({ status: 500 });
});
