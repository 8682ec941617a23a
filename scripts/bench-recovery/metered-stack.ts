import { randomUUID } from 'node:crypto';
import { ROUTES } from '../../api/routes.ts';
import { type Client, createClient } from '../../client/index.ts';
import { controlApi } from '../../lambdas/control-api.ts';
import { systemContext } from '../../lambdas/runtime/context.ts';
import { workerApi } from '../../lambdas/worker-api.ts';
import { createHttpServer } from '../../local/http-server.ts';
import { localDynamoDbClient } from '../../store/dynamo/client.ts';
import { createDynamoStore } from '../../store/index.ts';
import { createTable } from '../../store/table/create-table.ts';
import { meterCapacity, type Units } from '../../test/support/capacity-meter.ts';

export interface MeteredStack {
  readonly client: Client;
  /** Returns the units consumed since the last call. */
  take(): Units;
  stop(): Promise<void>;
}

/**
 * Starts the real handlers behind HTTP on a new table, and counts its request units. It leaves out
 * the sweeper, which runs once per minute however many agents there are.
 */
export async function startMeteredStack(endpoint: string): Promise<MeteredStack> {
  const database = localDynamoDbClient(endpoint);
  const tableName = `bench-${randomUUID()}`;
  await createTable(database, tableName);
  const meter = meterCapacity(database);
  const clock = { now: () => Date.now() * 1_000, random: Math.random };
  const context = systemContext(createDynamoStore({ client: database, tableName, ...clock }));
  const handlers = { worker: workerApi(context), control: controlApi(context) };
  const server = createHttpServer({
    routes: Object.values(ROUTES).map(({ method, path, owner }) => ({
      routeKey: `${method} ${path}`,
      handler: handlers[owner],
    })),
    fallback: handlers.control,
  });
  const port = await server.listen(0);
  return {
    client: createClient({ url: `http://127.0.0.1:${port}/api` }),
    take: meter.take,
    stop: async () => {
      await server.close();
      database.destroy();
    },
  };
}
