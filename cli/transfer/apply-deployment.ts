import type { Client } from '../../client/index.ts';
import { UserError } from '../../local/user-error.ts';
import type { RecordOf } from './records.ts';
import { changesOf } from './same.ts';
import { deploymentRecord } from './shapes.ts';

type Fields = Partial<RecordOf<'deployment'>>;
type Body = Parameters<Client['createDeployment']>[0]['body'];

/**
 * A deployment, by the names of its flow and its own. Labels are changed by creating it again, which
 * keeps its id and nothing else that is not said again; whatever that leaves as it was (a pool that is to
 * be none) and all else is a PATCH.
 */
export function deploymentTarget(client: Client, record: RecordOf<'deployment'>) {
  const at = { flow: record.flow, deployment: record.name };
  const read = async () => deploymentRecord(await client.readDeploymentByName(at), record.flow);
  const create = async (whole: Fields = record) => {
    const flow = await client.readFlowByName({ flow: record.flow });
    const body = { flow_id: flow.id, name: record.name, ...bodyOf(whole) };
    return client.createDeployment({ body: body as Body });
  };
  const update = async (changes: Fields, is: Fields) => {
    let rest = changes;
    if (changes.labels) {
      await create({ ...is, ...record });
      const { labels: _, ...others } = changesOf(record, await read());
      rest = others;
    }
    if (Object.keys(rest).length === 0) return;
    const { id } = await client.readDeploymentByName(at);
    await client.updateDeployment({ id, body: bodyOf(rest) as Partial<Body> });
  };
  return { read, create, update };
}

/** Without what it is named by. */
function bodyOf(record: Fields): object {
  const { kind: _, flow: __, name: ___, global_concurrency_limit: shared, ...body } = record;
  if (shared == null) return body;
  throw new UserError(
    `It shares the concurrency limit ${shared} with other deployments, and dibs has limits of one ` +
      'deployment only: --own-limits gives each a limit of that size.',
  );
}
