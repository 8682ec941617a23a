import type { Client } from '../../client/index.ts';
import { UserError } from '../../local/user-error.ts';
import { limitsOf } from './limits-api.ts';
import type { RecordOf } from './records.ts';
import { changesOf } from './same.ts';
import { deploymentRecord } from './shapes.ts';

type Fields = Partial<RecordOf<'deployment'>>;
type Body = Parameters<Client['createDeployment']>[0]['body'];

/**
 * A deployment, by the names of its flow and its own. Labels are changed by creating it again, which
 * keeps its id; whatever that leaves as it was (a pool that is to be none) and all else is a PATCH.
 */
export function deploymentTarget(client: Client, record: RecordOf<'deployment'>) {
  const at = { flow: record.flow, deployment: record.name };
  const read = async () => deploymentRecord(await client.readDeploymentByName(at), record.flow);
  const create = async () => {
    const flow = await client.readFlowByName({ flow: record.flow });
    const body = { flow_id: flow.id, name: record.name, ...(await bodyOf(client, record)) };
    return client.createDeployment({ body: body as Body });
  };
  const update = async (changes: Fields) => {
    let rest = changes;
    if (changes.labels) {
      await create();
      const { labels: _, ...others } = changesOf(record, await read());
      rest = others;
    }
    if (Object.keys(rest).length === 0) return;
    const { id } = await client.readDeploymentByName(at);
    await client.updateDeployment({ id, body: (await bodyOf(client, rest)) as Partial<Body> });
  };
  return { read, create, update };
}

/** Without what it is named by. Names of limits become the ids that this server has for them. */
async function bodyOf(client: Client, record: Fields): Promise<object> {
  const { kind: _, flow: __, name: ___, global_concurrency_limit: shared, ...body } = record;
  if (shared == null)
    return shared === null ? { ...body, global_concurrency_limit_id: null } : body;
  return { ...body, global_concurrency_limit_id: await limitId(client, shared) };
}

async function limitId(client: Client, name: string): Promise<string> {
  const found = (await limitsOf(client)
    .read(name)
    .catch(() => undefined)) as { id: string } | undefined;
  if (found) return found.id;
  throw new UserError(
    `There is no concurrency limit ${name} that it could share: import that first.`,
  );
}
