import { ROUTES } from '../api/routes.ts';
import type { Context } from '../core/context.ts';
import type { Authorizer } from '../lambdas/authorizer.ts';
import { controlApi } from '../lambdas/control-api.ts';
import type { HttpHandler } from '../lambdas/http/http.ts';
import { systemContext } from '../lambdas/runtime/context.ts';
import { scheduler } from '../lambdas/scheduler.ts';
import { sweeper } from '../lambdas/sweeper.ts';
import { workerApi } from '../lambdas/worker-api.ts';
import { localDynamoDbClient } from '../store/dynamo/client.ts';
import { createDynamoStore } from '../store/index.ts';
import { createTable } from '../store/table/create-table.ts';
import { onceThereAreKeys } from './authorize.ts';
import { startDynamoDbLocal } from './dynamodb-local.ts';
import { createHttpServer } from './http-server.ts';
import { UserError } from './user-error.ts';

export interface LocalStackOptions {
  /** 0 chooses a free one. */
  readonly port: number;
  /** Data in a directory is kept and can be reopened; data in memory is lost at the end. */
  readonly data: 'memory' | string;
  /** A DynamoDB (Local) that is already running. Then none is started, and `data` has no effect. */
  readonly dynamodbEndpoint?: string | undefined;
  /** Hosts to serve beside this machine's addresses and names (admission.ts). Default: none. */
  readonly allowedHosts?: readonly string[];
  /** Default: `dibs`. The table is created if it does not exist. */
  readonly tableName?: string;
  readonly count?: Context['count'];
  /** Called for every claim. */
  readonly tell?: Context['tell'];
  /** Whether the sweeper and the scheduler run, on timers. Default: they do. */
  readonly services?: boolean;
}

/** The same interval as EventBridge's on AWS. */
const EVERY_MS = 60_000;
/**
 * The sweeper is called more often than on AWS, where each call costs: whoever tries a limit or
 * a recovery here does not wait for a minute.
 */
const SWEEP_MS = 10_000;

export interface LocalStack {
  /** `http://127.0.0.1:PORT/api` */
  readonly url: string;
  readonly dynamodbEndpoint: string;
  /** Resolves, with the reason, only if the stack cannot continue. */
  readonly broken: Promise<Error>;
  stop(): Promise<void>;
}

type Apis = Readonly<Record<'worker' | 'control', HttpHandler>>;

/**
 * All of dibs on this machine: DynamoDB Local, the table, and an HTTP server in the place of API
 * Gateway that calls the same handlers as Lambda. Resolves once requests are answered. The port is
 * taken first, so that a port in use is reported at once; a request that arrives early waits.
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const apis = Promise.withResolvers<Apis>();
  const authorize = Promise.withResolvers<Authorizer>();
  const handler =
    (owner: keyof Apis): HttpHandler =>
    async (event, context) =>
      (await apis.promise)[owner](event, context);
  const server = createHttpServer({
    routes: Object.values(ROUTES).map(({ method, path, owner, access }) => ({
      routeKey: `${method} ${path}`,
      handler: handler(owner),
      open: access === 'anyone',
    })),
    fallback: handler('control'),
    authorize: async (event) => (await authorize.promise)(event),
    allowedHosts: options.allowedHosts ?? [],
  });
  const port = await server.listen(options.port);
  try {
    const database = await openDatabase(options);
    const context = systemContext(
      createDynamoStore({ ...database, now: () => Date.now() * 1000, random: Math.random }),
      options,
    );
    const services = options.services === false ? undefined : startServices(context);
    authorize.resolve(onceThereAreKeys(context));
    apis.resolve({ worker: workerApi(context), control: controlApi(context) });
    return {
      url: `http://127.0.0.1:${port}/api`,
      dynamodbEndpoint: database.endpoint,
      broken: database.broken,
      async stop() {
        await services?.stop();
        await server.close();
        await database.close();
      },
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/**
 * In the place of EventBridge: calls each service at intervals, but never while it is still
 * running. It calls the scheduler at once, too, because runs that became due while the stack was
 * down are late already.
 */
function startServices(context: Context): { stop(): Promise<void> } {
  const makeRuns = every(EVERY_MS, scheduler(context));
  const services = [makeRuns, every(SWEEP_MS, sweeper(context))];
  makeRuns.call();
  return {
    async stop() {
      await Promise.all(services.map((service) => service.stop()));
    },
  };
}

function every(milliseconds: number, handler: () => Promise<void>) {
  let running: Promise<void> | undefined;
  const call = () => {
    running ??= handler().finally(() => {
      running = undefined;
    });
  };
  const timer = setInterval(call, milliseconds);
  return {
    call,
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

async function openDatabase(options: LocalStackOptions) {
  const given = options.dynamodbEndpoint;
  const started = given === undefined ? await startDynamoDbLocal(options) : undefined;
  const endpoint = started?.endpoint ?? given ?? '';
  const client = localDynamoDbClient(endpoint);
  const tableName = options.tableName ?? 'dibs';
  const broken = Promise.withResolvers<Error>();
  let closing = false;
  void started?.exited.then(({ code, signal }) => {
    if (!closing) broken.resolve(new Error(`DynamoDB Local ended by itself (${signal ?? code}).`));
  });
  const close = async () => {
    closing = true;
    client.destroy();
    await started?.stop();
  };
  try {
    await createTable(client, tableName);
  } catch (error) {
    await close();
    throw given === undefined ? error : unreachable(given, error);
  }
  return { endpoint, client, tableName, broken: broken.promise, close };
}

function unreachable(endpoint: string, error: unknown): UserError {
  const reason = error instanceof Error ? error.message || error.name : String(error);
  return new UserError(
    `the DynamoDB at ${endpoint} (DIBS_DYNAMODB_ENDPOINT) cannot be used: ${reason}; start one ` +
      'there, or unset the variable, and dibs starts its own.',
  );
}
