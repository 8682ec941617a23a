import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCalls } from '../../agent/calls.ts';
import { Backlog } from '../../agent/logs/backlog.ts';
import { LogShipper } from '../../agent/logs/log-shipper.ts';
import { createClient } from '../../client/index.ts';
import { deploy } from '../../sdk/index.ts';
import { startCuttingProxy } from '../support/cutting-proxy.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { talks, throws } from './flows.ts';
import { inFlows, newPool, startTestAgent } from './test-agent.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

async function logsOf(runId: string) {
  const logs = await stack.client.filterLogs({
    body: { logs: { flow_run_id: { any_: [runId] } }, sort: 'TIMESTAMP_ASC' },
  });
  return logs.map(({ name, level, message }) => ({ name, level, message }));
}

test('what a flow prints and logs is there once it has ended', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  const run = await (await deploy(talks, inFlows(client, pool, 'talks'))).run();
  await using _agent = await startTestAgent({ url, pool });
  await run.wait();
  const logs = await logsOf(run.id);
  expect(logs).toHaveLength(4);
  expect(logs).toEqual(
    expect.arrayContaining([
      { name: 'flow_run.stdout', level: 20, message: 'on stdout' },
      { name: 'flow_run.stderr', level: 30, message: 'on stderr' },
      { name: 'flow_run', level: 10, message: 'a detail' },
      { name: 'flow_run', level: 40, message: 'a misfortune' },
    ]),
  );
});

test('the stack of what a flow threw is in its logs', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  const run = await (await deploy(throws, inFlows(client, pool, 'throws'))).run();
  await using _agent = await startTestAgent({ url, pool });
  await run.wait().catch(() => {});
  const [log] = await logsOf(run.id);
  expect(log).toMatchObject({ name: 'dibs.agent', level: 40 });
  expect(log?.message).toMatch(/TypeError: that does not work\n.*flows\.ts/);
});

test('lines that wait too long push out the oldest ones, and how many is told', async () => {
  const { client } = stack;
  const pool = await newPool(client);
  const { id } = await (await deploy(talks, inFlows(client, pool, 'talks'))).run();
  await using proxy = await startCuttingProxy(stack.url);
  await proxy.down();
  const { url } = proxy;
  const calls = createCalls({ url, onEvent: () => {}, random: Math.random, checkLease: () => {} });
  const logs = new LogShipper(createClient({ url }), calls, new Backlog(10_000 * 320));
  const add = (message: string) => logs.add({ runId: id, name: 'test', level: 20, message });
  for (let line = 10_000; line < 20_005; line++) add(`line ${line}`);
  await proxy.up();
  await logs.close(60_000);
  const found = await client.filterLogs({
    body: { logs: { flow_run_id: { any_: [id] }, level: { ge_: 30 } } },
  });
  expect(found.map(({ message }) => message)).toEqual([
    '5 older lines were dropped: they came faster than the server accepted them.',
  ]);
});

test('an agent that stops is told how many lines the server did not take in time', async () => {
  await using proxy = await startCuttingProxy(stack.url);
  const { url } = proxy;
  const calls = createCalls({ url, onEvent: () => {}, random: Math.random, checkLease: () => {} });
  const pool = await newPool(stack.client);
  const { id } = await (await deploy(talks, inFlows(stack.client, pool, 'talks'))).run();
  const line = { runId: id, name: 'test', level: 20, message: 'a line' };
  const taken = new LogShipper(createClient({ url }), calls);
  taken.add(line);
  expect(await taken.close(60_000)).toBe(0);
  await proxy.down();
  const lost = new LogShipper(createClient({ url }), calls);
  for (let n = 0; n < 3; n++) lost.add(line);
  expect(await lost.close(200)).toBe(3);
});

test('a line that the server refuses takes no others with it, and is counted', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  const deployed = await deploy(talks, inFlows(client, pool, 'talks'));
  const [bad, good] = await Promise.all([deployed.run(), deployed.run()]);
  const calls = createCalls({ url, onEvent: () => {}, random: Math.random, checkLease: () => {} });
  const logs = new LogShipper(createClient({ url }), calls);
  for (let line = 0; line < 150; line++) {
    const level = line === 77 ? 1.5 : 20;
    logs.add({ runId: bad.id, name: 'test', level, message: `line ${line}` });
    logs.add({ runId: good.id, name: 'test', level: 20, message: `line ${line}` });
  }
  await logs.close(60_000);
  const expected = Array.from({ length: 150 }, (_, line) => `line ${line}`);
  const texts = async (id: string) => (await logsOf(id)).map(({ message }) => message);
  expect(await texts(good.id)).toEqual(expected);
  expect(await texts(bad.id)).toEqual([
    ...expected.toSpliced(77, 1),
    '1 line(s) were dropped: the server refused them.',
  ]);
});
