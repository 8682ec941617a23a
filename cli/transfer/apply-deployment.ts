import type { Client } from '../../client/index.ts';
import { UserError } from '../../local/user-error.ts';
import type { RecordOf } from './records.ts';
import { changesOf } from './same.ts';
import { deploymentRecord } from './shapes.ts';

type Fields = Partial<RecordOf<'deployment'>>;
type Body = Parameters<Client['createDeployment']>[0]['body'];

/**
 * Reads and writes a deployment, found by the name of its flow and its own name. Only creating the
 * deployment again changes its labels. That keeps its id, and resets every field that the request
 * does not mention. Whatever still differs afterwards (such as a pool that must be removed), and
 * every change without labels, is a PATCH.
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

/** The body of a request: a record without the names that identify it. */
function bodyOf(record: Fields): object {
  const { kind: _, flow: __, name: ___, global_concurrency_limit: shared, ...body } = record;
  if (shared == null) return body;
  throw new UserError(
    `It shares the concurrency limit ${shared} with other deployments, but in dibs each ` +
      'deployment has its own limit: --own-limits gives each of them a limit of that size.',
  );
}
