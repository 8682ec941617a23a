import type { ApiError, Client } from '../client/index.ts';
import { UserError } from '../local/user-error.ts';

/** Does something at the API. What that refuses is told in terms of the command line. */
export async function operate(url: string, what: (client: Client) => Promise<void>): Promise<void> {
  const { ApiError, createClient } = await import('../client/index.ts');
  const client = createClient({ url });
  try {
    await what(client);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new UserError(await explain(client, error), { cause: error });
  }
}

/** The server's hints name routes; who is here has commands. */
const COMMANDS: ReadonlyArray<readonly [RegExp, string]> = [
  [/GET \/api\/flow_runs\/\{id\}\/claims/, '`dibs run claims <id>`'],
  [/GET \/api\/work_pools\/(.+)\/workers/, '`dibs agent ls --pool $1`'],
  [
    /Narrow it: by id or by deployment\./,
    'Narrow it: by ids, --deployment, or --since 31d or less.',
  ],
];

async function explain(client: Client, error: ApiError): Promise<string> {
  const { detail, hint } = error.body;
  if (typeof detail !== 'string') return error.message;
  // Some texts are Prefect's own, without a full stop.
  const what = detail.replace(/[^.!?]$/, '$&.');
  if (error.code === 'work_pool_not_found') return `${what} ${await namePools(client)}`;
  const then = COMMANDS.reduce((text, [route, verb]) => text.replace(route, verb), `${hint ?? ''}`);
  return `${what} ${then}`.trim();
}

async function namePools(client: Client): Promise<string> {
  const pools = await client.filterWorkPools({ body: {} });
  if (pools.length === 0) return 'There are no pools yet.';
  return `There are: ${pools.map(({ name }) => name).join(', ')}.`;
}
