/**
 * `npm run bench:costs`: measures, by verb, what runs, an idle agent and an idle stack use, and
 * computes the cost at list prices. It uses the real handlers, a real agent with real processes,
 * and DynamoDB Local. It takes two minutes.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startAgent } from '../../agent/agent.ts';
import { ROUTES } from '../../api/routes.ts';
import { createClient } from '../../client/index.ts';
import { readBacklogs } from '../../core/dispatch/backlog.ts';
import { controlApi } from '../../lambdas/control-api.ts';
import type { HttpHandler } from '../../lambdas/http/http.ts';
import { systemContext } from '../../lambdas/runtime/context.ts';
import { scheduler } from '../../lambdas/scheduler.ts';
import { sweeper } from '../../lambdas/sweeper.ts';
import { workerApi } from '../../lambdas/worker-api.ts';
import { startDynamoDbLocal } from '../../local/dynamodb-local.ts';
import { createHttpServer } from '../../local/http-server.ts';
import { deploy } from '../../sdk/index.ts';
import { localDynamoDbClient } from '../../store/dynamo/client.ts';
import { meter } from '../../store/dynamo/meter.ts';
import { createDynamoStore } from '../../store/index.ts';
import { createTable } from '../../store/table/create-table.ts';
import { counted } from '../../test/deploy/flows.ts';
import { API_GB, MONTH_SECONDS, PRICES } from './prices.ts';
import { Usage, type Use } from './usage.ts';

const RUNS = 100;
const IDLE_SECONDS = 60;

const usage = new Usage();
const database = await startDynamoDbLocal({ data: 'memory' });
const client = localDynamoDbClient(database.endpoint);
meter(client, { units: usage.units, throttled: () => {} });
await createTable(client, 'costs');
const store = createDynamoStore({
  client,
  tableName: 'costs',
  now: () => Date.now() * 1000,
  random: Math.random,
});
const context = systemContext(store);
const apis = { worker: workerApi(context), control: controlApi(context) };
const counting =
  (handler: HttpHandler): HttpHandler =>
  (event, lambda) =>
    usage.during(event.routeKey, () => handler(event, lambda));
const server = createHttpServer({
  routes: Object.values(ROUTES).map(({ method, path, owner }) => ({
    routeKey: `${method} ${path}`,
    handler: counting(apis[owner]),
  })),
  fallback: apis.control,
});
const url = `http://127.0.0.1:${await server.listen(0)}/api`;
const folder = mkdtempSync(join(tmpdir(), 'dibs-costs-'));
try {
  await idleStack('An empty stack');
  await runs();
  await idleStack('A stack with one pool and one agent');
} finally {
  await server.close();
  client.destroy();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);

/** Measures the Lambdas that run every minute. */
async function idleStack(what: string): Promise<void> {
  // The first round writes items that later rounds only read, so it is not counted.
  await sweeper(context)();
  usage.take();
  await usage.during('sweeper', sweeper(context));
  await usage.during('backlogs', () => readBacklogs(context));
  await usage.during('scheduler', scheduler(context));
  console.log(`\n${what}, per minute:\n`);
  const used = usage.take();
  print(used, 1);
  const months = MONTH_SECONDS / 60;
  console.log(`\nDynamoDB: $${(dynamodb(sum(used)) * months).toFixed(4)} per month`);
}

async function runs(): Promise<void> {
  const api = createClient({ url });
  await api.createWorkPool({ body: { name: 'p', type: 'process' } });
  const deployed = await deploy(counted, {
    name: 'd',
    pool: 'p',
    module: new URL('../../test/deploy/flows.ts', import.meta.url).href,
    export: 'counted',
    client: api,
  });
  usage.take();
  for (let i = 0; i < RUNS; i++) {
    const parameters = { path: join(folder, 'ran'), note: randomUUID() };
    await api.createFlowRunFromDeployment({ id: deployed.id, body: { parameters } });
  }
  const ended = Promise.withResolvers<void>();
  let finished = 0;
  const agent = startAgent({
    url,
    pool: 'p',
    limit: 4,
    onEvent: ({ type }) => {
      if (type === 'run_finished' && ++finished === RUNS) ended.resolve();
    },
  });
  await ended.promise;
  console.log(`\n${RUNS} runs, one agent that runs 4 at once, per run:\n`);
  const used = usage.take();
  print(used, RUNS);
  tellCost('1,000,000 runs', sum(used), 1_000_000 / RUNS);

  // The agent backs off while no run waits.
  await pause(15_000);
  usage.take();
  await pause(IDLE_SECONDS * 1000);
  console.log(`\nAn idle agent, per minute:\n`);
  const idle = usage.take();
  print(idle, IDLE_SECONDS / 60);
  tellCost('an idle agent, per month', sum(idle), MONTH_SECONDS / IDLE_SECONDS);
  await agent.stop();
}

function print(used: ReadonlyMap<string, Use>, per: number): void {
  console.log('| verb | calls | read units | write units | ms per call |\n|---|---|---|---|---|');
  const row = (verb: string, { calls, reads, writes, ms }: Use) =>
    console.log(
      `| ${verb} | ${(calls / per).toFixed(2)} | ${(reads / per).toFixed(2)} | ${(writes / per).toFixed(2)} | ${(ms / calls).toFixed(1)} |`,
    );
  for (const [verb, use] of used) row(verb, use);
  row('together', sum(used));
}

function sum(used: ReadonlyMap<string, Use>): Use {
  const all = { calls: 0, reads: 0, writes: 0, ms: 0 };
  for (const { calls, reads, writes, ms } of used.values()) {
    all.calls += calls;
    all.reads += reads;
    all.writes += writes;
    all.ms += ms;
  }
  return all;
}

function dynamodb({ reads, writes }: Use): number {
  return reads * PRICES.readUnit + writes * PRICES.writeUnit;
}

function tellCost(of: string, use: Use, times: number): void {
  const parts = {
    DynamoDB: dynamodb(use),
    'API Gateway': use.calls * PRICES.apiRequest,
    Lambda: use.calls * PRICES.lambdaRequest + (use.ms / 1000) * API_GB * PRICES.lambdaGbSecond,
  };
  const all = Object.values(parts).reduce((a, b) => a + b, 0);
  const told = Object.entries(parts).map(([name, cost]) => `${name} $${(cost * times).toFixed(2)}`);
  console.log(`\n${of}: $${(all * times).toFixed(2)} (${told.join(', ')})`);
}
