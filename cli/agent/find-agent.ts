import type { Client } from '../../client/index.ts';
import { UserError } from '../../local/user-error.ts';

/**
 * The least number of characters of a session id. Anything shorter may well be a typing mistake.
 */
const ID_START = 8;

/**
 * Finds the session id of a live agent by its name, its session id, or the first characters of its
 * session id.
 * @throws UserError if no live agent or more than one matches; it lists the agents to choose from
 */
export async function findAgent(client: Client, pool: string, wanted: string): Promise<string> {
  const live = (await client.readWorkers({ name: pool })).filter(({ ended }) => ended === null);
  const id = wanted.toLowerCase();
  const found = live.filter(
    (agent) => agent.name === wanted || (id.length >= ID_START && agent.id.startsWith(id)),
  );
  const [only] = found;
  if (only && found.length === 1) return only.id;
  const told = (found.length > 0 ? found : live).map((agent) => `${agent.name} (${agent.id})`);
  const these =
    told.length > 0 ? `Choose one of: ${told.join(', ')}.` : 'The pool has no live agents.';
  const what = found.length > 0 ? 'Several live agents match' : 'No live agent matches';
  throw new UserError(`${what} "${wanted}" in work pool "${pool}". ${these}`);
}
