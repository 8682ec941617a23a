import { apiHeaders } from '../../client/api-headers.ts';
import type { ApiError, Client, ClientOptions } from '../../client/index.ts';
import { UserError } from '../../local/user-error.ts';

/**
 * Calls `what` with a client of the API at `url`.
 * @throws UserError if the API refuses; its message names commands instead of routes
 */
export async function operate<Result = void>(
  url: string,
  what: (client: Client) => Promise<Result>,
  options: Omit<ClientOptions, 'url'> = {},
): Promise<Result> {
  const { ApiError, createClient } = await import('../../client/index.ts');
  const headers = { ...apiHeaders(), ...options.headers };
  const client = createClient({ url, ...options, headers });
  try {
    return await what(client);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new UserError(await explain(client, error), { cause: error });
  }
}

/** The server's hints name routes. On the command line, these commands take their place. */
const COMMANDS: ReadonlyArray<readonly [RegExp, string]> = [
  [/GET \/api\/flow_runs\/\{id\}\/claims/, '`dibs run claims <id>`'],
  [/GET \/api\/work_pools\/(.+)\/workers/, '`dibs agent ls --pool $1`'],
  [/GET \/api\/flow_runs\/filter|POST \/api\/flow_runs\/filter/, '`dibs run ls`'],
  [/POST \/api\/deployments\/filter/, '`dibs deployment ls`'],
  [
    /Narrow it: by id or by deployment\./,
    'Narrow it: by ids, --deployment, or --since 31d or less.',
  ],
];

async function explain(client: Client, error: ApiError): Promise<string> {
  const { detail, hint } = error.body;
  if (typeof detail !== 'string') return error.message;
  // Some texts are Prefect's own, and have no period at the end.
  const what = detail.replace(/[^.!?]$/, '$&.');
  if (error.code === 'work_pool_not_found') return `${what} ${await namePools(client)}`;
  const queue = /^Work pool queue '(.+)\/([^/]+)' not found/.exec(detail)?.[1];
  if (queue !== undefined) return `${what} ${await nameQueues(client, queue)}`;
  const then = COMMANDS.reduce((text, [route, verb]) => text.replace(route, verb), `${hint ?? ''}`);
  return `${what} ${then}`.trim();
}

/** Lists queues in the order in which they are served. The pool exists: that was checked first. */
async function nameQueues(client: Client, pool: string): Promise<string> {
  const queues = await client.filterWorkQueues({ name: pool, body: {} });
  return `The queues are: ${queues.map(({ name }) => name).join(', ')}.`;
}

async function namePools(client: Client): Promise<string> {
  const pools = await client.filterWorkPools({ body: {} });
  if (pools.length === 0) return 'There are no pools yet. To create one: dibs pool create NAME';
  return `The pools are: ${pools.map(({ name }) => name).join(', ')}.`;
}
