/**
 * Applies one record to a server. The existing record is read and compared first, so that a second
 * import changes nothing:
 *
 * | exists       | and                 | then                                       | result    |
 * |--------------|---------------------|--------------------------------------------|-----------|
 * | no           |                     | it is created                              | created   |
 * | yes          | equals the record   | nothing is written                         | unchanged |
 * | yes          | differs             | the fields that differ are changed         | updated   |
 * | either       |                     | 501: this server does not support the kind | skipped   |
 * | either       |                     | the server refuses the request             | failed    |
 *
 * Fields that a record does not mention keep their values. A dry run reads and writes nothing, so
 * it cannot know what the server would refuse. In a dry run, a queue of a pool that does not exist
 * yet, or a deployment of a flow that does not exist yet, counts as created.
 */
import { ApiError, type Client } from '../../client/index.ts';
import { UserError } from '../../local/user-error.ts';
import { persistently } from '../command/wait-for-run.ts';
import { deploymentTarget } from './apply-deployment.ts';
import type { RecordOf, TransferRecord } from './records.ts';
import { changesOf } from './same.ts';
import { flowRecord, limitRecord, poolRecord, queueRecord, variableRecord } from './shapes.ts';

export type Result = 'created' | 'updated' | 'unchanged' | 'skipped' | 'failed';

interface Outcome {
  readonly result: Result;
  /** The changed fields, or the reason why nothing was changed. */
  readonly message?: string;
}

/** How one record is read and written. */
interface Target<Fields extends object> {
  /** Returns undefined, or throws an ApiError with status 404, if there is no such record. */
  readonly read: () => Promise<Fields | undefined>;
  readonly create: () => Promise<unknown>;
  readonly update: (changes: Partial<Fields>, is: Fields) => Promise<unknown>;
}

/**
 * Creates or updates one record, or says why not.
 * @throws UnreachableError if the server does not answer; every other error is returned as a result
 */
export async function applyRecord(
  client: Client,
  record: TransferRecord,
  dryRun: boolean,
): Promise<Outcome> {
  try {
    const target = targetOf(client, record) as Target<object>;
    // A retry after a lost response reads again, and so finds what the first try has written.
    return await persistently(() => settle(target, record, dryRun));
  } catch (error) {
    if (error instanceof UserError) return { result: 'failed', message: error.message };
    if (!(error instanceof ApiError)) throw error;
    return { result: error.status === 501 ? 'skipped' : 'failed', message: error.message };
  }
}

async function settle(target: Target<object>, record: object, dryRun: boolean): Promise<Outcome> {
  const is = await target.read().catch(noneIfMissing);
  if (is === undefined) {
    if (!dryRun) await target.create();
    return { result: 'created' };
  }
  const changes = changesOf(record, is);
  const fields = Object.keys(changes);
  if (fields.length === 0) return { result: 'unchanged' };
  if (!dryRun) await target.update(changes, is);
  return { result: 'updated', message: fields.join(', ') };
}

function noneIfMissing(error: unknown): undefined {
  if (error instanceof ApiError && error.status === 404) return undefined;
  throw error;
}

function targetOf(client: Client, record: TransferRecord) {
  switch (record.kind) {
    case 'pool':
      return poolTarget(client, record);
    case 'queue':
      return queueTarget(client, record);
    case 'concurrency_limit':
      return limitTarget(client, record);
    case 'variable':
      return variableTarget(client, record);
    case 'flow':
      return flowTarget(client, record);
    case 'deployment':
      return deploymentTarget(client, record);
  }
}

type Body<Name extends keyof Client> = Parameters<Client[Name]>[0] extends { body: infer B }
  ? B
  : never;

function poolTarget(client: Client, { kind: _, ...body }: RecordOf<'pool'>): Target<object> {
  const { name } = body;
  return {
    read: async () => poolRecord(await client.readWorkPool({ name })),
    create: () => client.createWorkPool({ body: body as Body<'createWorkPool'> }),
    update: async (changes, is) => {
      if ('type' in changes) {
        throw new UserError(
          `It has type ${(is as RecordOf<'pool'>).type}, and a type cannot be changed: use another name.`,
        );
      }
      return client.updateWorkPool({ name, body: changes });
    },
  };
}

function queueTarget(client: Client, record: RecordOf<'queue'>): Target<object> {
  const { kind: _, pool, ...body } = record;
  const at = { name: pool, queue: body.name };
  return {
    read: async () => queueRecord(await client.readWorkQueue(at), pool),
    create: () => client.createWorkQueue({ name: pool, body: body as Body<'createWorkQueue'> }),
    update: (changes) => client.updateWorkQueue({ ...at, body: changes }),
  };
}

function limitTarget(
  client: Client,
  { kind: _, ...body }: RecordOf<'concurrency_limit'>,
): Target<object> {
  const limit = body.name;
  return {
    read: async () => limitRecord(await client.readConcurrencyLimit({ limit })),
    create: () => client.createConcurrencyLimit({ body: body as Body<'createConcurrencyLimit'> }),
    update: (changes) => client.updateConcurrencyLimit({ limit, body: changes }),
  };
}

function variableTarget(
  client: Client,
  { kind: _, ...body }: RecordOf<'variable'>,
): Target<object> {
  const variable = body.name;
  return {
    read: async () => variableRecord(await client.readVariableByName({ variable })),
    create: () => client.createVariable({ body: body as Body<'createVariable'> }),
    update: (changes) => client.updateVariableByName({ variable, body: changes }),
  };
}

/** A flow gets its labels when it is created. No route changes them, so they are not compared. */
function flowTarget(client: Client, { kind: _, ...body }: RecordOf<'flow'>): Target<object> {
  const flow = body.name;
  return {
    read: async () => ({
      ...flowRecord(await client.readFlowByName({ flow })),
      labels: body.labels,
    }),
    create: () => client.createFlow({ body: body as Body<'createFlow'> }),
    update: async (changes) => {
      const { id } = await client.readFlowByName({ flow });
      return client.updateFlow({ id, body: changes });
    },
  };
}
