import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ROUTES } from '../../api/routes.ts';
import { type Client, createClient } from '../../client/index.ts';
import type { Context } from '../../core/context.ts';
import { controlApi } from '../../lambdas/control-api.ts';
import { systemContext } from '../../lambdas/runtime/context.ts';
import { workerApi } from '../../lambdas/worker-api.ts';
import { onceThereAreKeys } from '../../local/authorize.ts';
import { createHttpServer } from '../../local/http-server.ts';
import type { Store } from '../../model/store.ts';
import { localDynamoDbClient } from '../../store/dynamo/client.ts';
import { createDynamoStore } from '../../store/index.ts';
import { type FreshTable, freshTable } from './dynamodb.ts';
import { kept } from './logbook.ts';

export interface TestStack {
  readonly url: string;
  readonly client: Client;
  readonly context: Context;
  readonly tableName: string;
  readonly endpoint: string;
  stop(): Promise<void>;
}

export interface TestStackOptions {
  /** Another stack's, as another process of the same server has it. Default: a fresh one. */
  readonly table?: Pick<FreshTable, 'tableName' | 'endpoint'>;
  /** Between core and the real store: what makes index reads old, or drops a condition. */
  readonly wrapStore?: (store: Store) => Store;
  /** As `dibs dev` asks for keys. Default: whoever comes may do everything. */
  readonly asksForKeys?: boolean;
  /** How long a request may take. Default: 30,000, as in API Gateway. */
  readonly timeoutMs?: number;
  /** Another clock, say. */
  readonly context?: Partial<Context>;
  /** The client the store will use: to count or to disturb what it does. */
  readonly onClient?: (client: DynamoDBClient) => void;
  /** Where DynamoDB seems to be: a proxy in front of it. */
  readonly endpoint?: (endpoint: string) => Promise<string> | string;
}

/** The real handlers behind a real HTTP server, on a fresh table of the real DynamoDB Local. */
export async function startTestStack(options: TestStackOptions = {}): Promise<TestStack> {
  const { tableName, endpoint } = options.table ?? (await freshTable());
  const client = localDynamoDbClient((await options.endpoint?.(endpoint)) ?? endpoint);
  options.onClient?.(client);
  const clock = { now: () => Date.now() * 1000, random: Math.random };
  const store = createDynamoStore({ client, tableName, ...clock, ...options.context });
  const context: Context = {
    ...kept(systemContext(options.wrapStore?.(store) ?? store)),
    ...options.context,
  };
  const handlers = { worker: workerApi(context), control: controlApi(context) };
  const server = createHttpServer({
    routes: Object.values(ROUTES).map(({ method, path, owner, access }) => ({
      routeKey: `${method} ${path}`,
      handler: handlers[owner],
      open: access === 'anyone',
    })),
    fallback: handlers.control,
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    ...(options.asksForKeys ? { authorize: onceThereAreKeys(context) } : {}),
  });
  const url = `http://127.0.0.1:${await server.listen(0)}/api`;
  return {
    url,
    context,
    tableName,
    endpoint,
    client: createClient({ url }),
    async stop() {
      await server.close();
      client.destroy();
    },
  };
}
