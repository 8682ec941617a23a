import * as z from 'zod';
import { ApiError, type Client } from '../../client/index.ts';
import { UserError } from '../../local/user-error.ts';
import { allPages } from '../command/all-pages.ts';
import { inOrder, type TransferRecord } from './records.ts';
import {
  deploymentRecord,
  flowRecord,
  isOwnLimit,
  limitRecord,
  poolRecord,
  queueRecord,
  variableRecord,
} from './shapes.ts';

/**
 * Called with a note about something that an exported record refers to and that is not exported.
 */
type Tell = (note: string) => void;

/**
 * Reads every record of a server, dibs or Prefect: both have these routes. It is not a snapshot:
 * the result may or may not contain changes made while it is read.
 * @throws UserError if the server refuses, or answers as neither of the two does
 */
export async function readServer(
  client: Client,
  url: string,
  tell: Tell = () => {},
): Promise<TransferRecord[]> {
  try {
    return await readAll(client, tell);
  } catch (error) {
    if (error instanceof ApiError) throw new UserError(refused(url, error), { cause: error });
    if (!(error instanceof z.ZodError)) throw error;
    const [issue] = error.issues;
    throw new UserError(
      `${url} does not answer as Prefect's API does (${issue?.path.join('.') || 'its response'}: ` +
        `${issue?.message}). Give the address as in PREFECT_API_URL: http://127.0.0.1:4200/api.`,
    );
  }
}

const Named = z.object({ name: z.string() });
const Flow = z.object({ id: z.string(), name: z.string() });
const Ofs = z.object({
  flow_id: z.string(),
  name: z.string(),
  storage_document_id: z.string().nullish(),
  infrastructure_document_id: z.string().nullish(),
});

async function readAll(client: Client, tell: Tell): Promise<TransferRecord[]> {
  const sort = 'NAME_ASC' as const;
  const records: TransferRecord[] = [];
  for (const pool of await listed((body) => client.filterWorkPools({ body }))) {
    const { name } = Named.parse(pool);
    records.push(poolRecord(pool));
    const queues = await listed((body) => client.filterWorkQueues({ name, body }));
    records.push(...queues.map((queue) => queueRecord(queue, name)));
  }
  const limits = (await listed((body) => client.filterConcurrencyLimits({ body }))).map(
    limitRecord,
  );
  records.push(...limits.filter(({ name }) => !isOwnLimit(name)));
  const variables = await listed((page) => client.filterVariables({ body: { ...page, sort } }));
  records.push(...variables.map(variableRecord));
  const flows = await listed((page) => client.filterFlows({ body: { ...page, sort } }));
  records.push(...flows.map(flowRecord));
  const names = new Map(flows.map((flow) => Flow.parse(flow)).map(({ id, name }) => [id, name]));
  const all = await listed((page) => client.filterDeployments({ body: { ...page, sort } }));
  for (const deployment of all) {
    const { name, flow_id: id, ...blocks } = Ofs.parse(deployment);
    const flow = names.get(id);
    // The flow was created after the flows were read. The next export will have both.
    if (flow === undefined) tell(`Deployment ${name} was left out: its flow was just created.`);
    else records.push(deploymentRecord(deployment, flow));
    if (blocks.storage_document_id || blocks.infrastructure_document_id) {
      tell(`Deployment ${flow}/${name} uses blocks, and they are not exported.`);
    }
  }
  return records.sort(inOrder);
}

const Answers = z.array(z.looseObject({}));

const listed = (read: (page: { limit: number; offset: number }) => Promise<unknown>) =>
  allPages(async (page) => Answers.parse(await read(page)));

function refused(url: string, error: ApiError): string {
  if (error.status === 401 || error.status === 403) {
    return (
      `${url} requires authentication (${error.status}): set PREFECT_API_AUTH_STRING and give ` +
      '--auth-string, or set PREFECT_API_KEY and give --api-key.'
    );
  }
  return `${url} answered ${error.status}: ${error.message}`;
}
