import type { Client } from '../../client/index.ts';
import { UserError } from '../../local/user-error.ts';

/** Shorter beginnings of a session id are as likely a mistake. */
const ID_START = 8;

/** The session of a live agent: by its name, its session id, or the first characters of that. */
export async function findAgent(client: Client, pool: string, wanted: string): Promise<string> {
  const live = (await client.readWorkers({ name: pool })).filter(({ ended }) => ended === null);
  const id = wanted.toLowerCase();
  const found = live.filter(
    (agent) => agent.name === wanted || (id.length >= ID_START && agent.id.startsWith(id)),
  );
  const [only] = found;
  if (only && found.length === 1) return only.id;
  const told = (found.length > 0 ? found : live).map((agent) => `${agent.name} (${agent.id})`);
  const these = told.length > 0 ? `There are: ${told.join(', ')}.` : 'No agent is there.';
  const what = found.length > 0 ? 'Several live agents fit' : 'No live agent is';
  throw new UserError(`${what} "${wanted}" in work pool "${pool}". ${these}`);
}
