import { ApiError, type Client } from '../../client/index.ts';
import { UserError } from '../../local/user-error.ts';

type Deployment = Awaited<ReturnType<Client['readDeployment']>>;

/** An error message lists at most this many names; a longer list is of no use. */
const NAMES_AT_MOST = 20;

/**
 * Reads a deployment by the name of its flow and its own name.
 * @throws UserError if it does not exist; the message lists existing deployments
 */
export async function findDeployment(
  client: Client,
  name: { readonly flow: string; readonly deployment: string },
): Promise<Deployment> {
  try {
    return await client.readDeploymentByName(name);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  }
  const known = await client.filterDeployments({ body: { limit: NAMES_AT_MOST } });
  const flows = await flowNames(client, known);
  const names = known.map((one) => `${flows.get(one.flow_id) ?? '?'}/${one.name}`);
  const more = known.length === NAMES_AT_MOST ? ' dibs deployment ls lists all of them.' : '';
  throw new UserError(
    `There is no deployment ${name.flow}/${name.deployment}. ` +
      (names.length > 0
        ? `The deployments are: ${names.join(', ')}.${more}`
        : 'There are none yet.'),
  );
}

/** Reads the names of the flows of these deployments. The map's keys are flow ids. */
export async function flowNames(
  client: Client,
  deployments: ReadonlyArray<{ readonly flow_id: string }>,
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(deployments.map(({ flow_id: id }) => id))];
  const names = new Map<string, string>();
  for (let i = 0; i < ids.length; i += IDS_AT_ONCE) {
    const any_ = ids.slice(i, i + IDS_AT_ONCE);
    // The flows of one request fit on one page.
    const flows = await client.filterFlows({ body: { flows: { id: { any_ } }, limit: 200 } });
    for (const { id, name } of flows) names.set(id, name);
  }
  return names;
}

/** Ids in one filter. The server may refuse a filter that names too many. */
const IDS_AT_ONCE = 50;
