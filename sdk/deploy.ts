import { randomUUID } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as z from 'zod';
import { apiHeaders } from '../client/api-headers.ts';
import { apiUrl } from '../client/api-url.ts';
import type { Client } from '../client/index.ts';
import { ask } from './ask.ts';
import type { Flow, Parameters } from './flow.ts';
import { FLOW } from './flow-definition.ts';
import { type RunHandle, runHandle } from './run-handle.ts';

export interface DeployOptions<Defaults> {
  readonly name: string;
  /** The work pool whose agents execute the flow. */
  readonly pool: string;
  /** Default: the pool's default queue. */
  readonly queue?: string;
  /** The module that exports the flow: `import.meta.url`. Agents import it from the same path. */
  readonly module: string;
  /** The name under which the module exports the flow. */
  readonly export: string;
  /** Default parameters, for runs that do not give them. */
  readonly parameters?: Defaults;
  readonly tags?: readonly string[];
  /** Values for the pool's job template, such as `env` and `working_dir`. */
  readonly jobVariables?: Readonly<Record<string, unknown>>;
  readonly description?: string;
  readonly version?: string;
  /** Default: `DIBS_API_URL`, else `PREFECT_API_URL`, else `http://127.0.0.1:4200/api`. */
  readonly url?: string;
  /** A client that you made yourself, instead of `url`. */
  readonly client?: Client;
}

export interface RunOptions {
  /** At most one run of a flow is created per key. A repeated call returns the same run. */
  readonly idempotencyKey?: string;
  readonly name?: string;
  /** Default: now. */
  readonly scheduledTime?: Date;
  readonly tags?: readonly string[];
}

/** A flow that agents can run. */
export interface Deployed<Input, Result> {
  readonly id: string;
  readonly name: string;
  /** Creates a run. Throws ApiError if the parameters do not fit the flow's schema. */
  run(...args: Parameters<Input, [options?: RunOptions]>): Promise<RunHandle<Result>>;
}

/** The parameters of a run, of which those with a default may be left out. */
type Remaining<Input, Defaults> = Omit<Input, keyof Defaults> & Partial<Input>;

/**
 * Creates a deployment, which tells the server how to run a flow. If the flow already has a
 * deployment of that name, it is overwritten, but keeps a concurrency limit that was set on the
 * server.
 *
 * @throws ApiError if the server refuses (an unknown pool is a 404)
 * @throws UnreachableError if the server does not answer for a minute
 *
 * @example
 * const deployed = await deploy(hash, {
 *   name: 'here', pool: 'my-pool', module: import.meta.url, export: 'hash',
 * });
 * const run = await deployed.run({ path: 'package.json' });
 * console.log(await run.wait());
 */
export async function deploy<Input, Result, Defaults extends Partial<Input> = Record<never, never>>(
  flow: Flow<Input, Result>,
  options: DeployOptions<Defaults>,
): Promise<Deployed<Remaining<Input, Defaults>, Result>> {
  const client = options.client ?? (await newClient(options.url));
  const { name, schema, options: flowOptions } = flow[FLOW];
  const file = fileURLToPath(options.module);
  const parameters = schema ? await parameterSchema(schema) : {};
  const { id: flowId } = await ask(() => client.createFlow({ body: { name } }));
  const deployment = await ask(() =>
    client.createDeployment({
      body: {
        name: options.name,
        flow_id: flowId,
        work_pool_name: options.pool,
        work_queue_name: options.queue ?? null,
        path: dirname(file),
        entrypoint: `${basename(file)}:${options.export}`,
        parameter_openapi_schema: parameters,
        enforce_parameter_schema: true,
        parameters: { ...options.parameters },
        tags: [...(options.tags ?? [])],
        job_variables: { ...options.jobVariables },
        description: options.description ?? flowOptions.description ?? null,
        version: options.version ?? null,
      },
    }),
  );
  return {
    id: deployment.id,
    name: deployment.name,
    run: async (...[parameters, runOptions = {}]) =>
      createRun(client, deployment.id, { ...(parameters as object) }, runOptions),
  };
}

/**
 * Imports the client only when it is needed: a run's process imports its flow, and with it this
 * file, but needs no client.
 */
async function newClient(url = apiUrl()): Promise<Client> {
  const { createClient } = await import('../client/index.ts');
  return createClient({ url, headers: apiHeaders() });
}

async function createRun<Result>(
  client: Client,
  id: string,
  parameters: Record<string, unknown>,
  { idempotencyKey, name, scheduledTime, tags }: RunOptions,
): Promise<RunHandle<Result>> {
  // Always with a key: if the response is lost, the request is retried and must not create a second
  // run.
  const key = idempotencyKey ?? randomUUID();
  const run = await ask(() =>
    client.createFlowRunFromDeployment({
      id,
      body: {
        parameters,
        idempotency_key: key,
        name: name ?? null,
        ...(tags ? { tags: [...tags] } : {}),
        ...(scheduledTime
          ? {
              state: {
                type: 'SCHEDULED',
                state_details: { scheduled_time: scheduledTime.toISOString() },
              },
            }
          : {}),
      },
    }),
  );
  return runHandle<Result>(client, run);
}

/**
 * The JSON Schema of the parameters before the zod schema transforms them. Parts that JSON Schema
 * cannot express allow any value.
 */
async function parameterSchema(schema: z.ZodType): Promise<Record<string, unknown>> {
  const zod = await import('zod');
  const {
    $schema: _,
    '~standard': __,
    ...parameters
  } = zod.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
  }) as Record<string, unknown>;
  return { title: 'Parameters', ...parameters };
}
