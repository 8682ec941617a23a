import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AgentEvent } from '../../agent/events.ts';
import { TaskProtection } from '../../agent/task-protection.ts';
import { until } from './test-agent.ts';

/** In the place of ECS's agent, which lives nowhere but on AWS: what it is told, by HTTP. */
const told: { path: string | undefined; state: unknown }[] = [];
let refuses = false;
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  told.push({
    path: `${request.method} ${request.url}`,
    state: JSON.parse(String(Buffer.concat(chunks))),
  });
  response.writeHead(refuses ? 400 : 200);
  response.end(refuses ? '{"error": "no"}' : '{}');
});
let uri: string;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/1`;
});
afterAll(() => void server.close());

const path = 'PUT /api/1/task-protection/v1/state';
const on = { path, state: { ProtectionEnabled: true, ExpiresInMinutes: 60 } };
const off = { path, state: { ProtectionEnabled: false } };

test('a task is protected while it holds runs, and is told so once, not per run', async () => {
  const protection = new TaskProtection(uri, () => {}, 50);
  for (const runs of [1, 2, 1, 0, 1]) protection.hold(runs);
  await until(() => told.length >= 1);
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(told.filter(({ state }) => state).map(({ state }) => state)).not.toContainEqual(off.state);
  expect(told[0]).toEqual(on);
  protection.hold(0);
  await until(() => told.some(({ state }) => JSON.stringify(state) === JSON.stringify(off.state)));
  expect(told.at(-1)).toEqual(off);
});

test('where it is refused, that is said once, and nothing else happens', async () => {
  refuses = true;
  const events: AgentEvent[] = [];
  const protection = new TaskProtection(uri, (event) => events.push(event), 1);
  protection.hold(1);
  await until(() => events.length === 1);
  expect(events[0]).toEqual({
    type: 'refused',
    message: 'ECS does not protect this task: 400 {"error": "no"}',
  });
  const before = told.length;
  protection.hold(0);
  await until(() => told.length > before);
  expect(events).toHaveLength(1);
  // It is tried again, with what is wanted by then.
  refuses = false;
  protection.hold(1);
  await until(
    () => told.at(-1)?.state === on.state || JSON.stringify(told.at(-1)) === JSON.stringify(on),
  );
});
