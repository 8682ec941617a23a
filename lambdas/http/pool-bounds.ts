import type * as z from 'zod';
import type { About, Route } from '../../api/route.ts';
import type { ROUTES, RouteName } from '../../api/routes.ts';
import type { DeploymentFlowRunCreate } from '../../api/runs/schemas.ts';
import { assertPool } from '../../core/access/access.ts';
import {
  assertArtifact,
  assertDeployment,
  assertIdempotencyKey,
  assertQueue,
  assertRun,
  assertSession,
  assertTaskRun,
} from '../../core/access/pool-access.ts';
import type { Context } from '../../core/context.ts';
import { deploymentIdOf } from '../../core/deployments/deployment-limits.ts';
import type { Access, KeyHolder } from '../../model/access.ts';
import { DibsError } from '../../model/values/errors.ts';
import { isAsRunDeployment } from './as-run-deployment.ts';
import type { Call } from './request.ts';

type Check<Name extends RouteName> = (
  context: Context,
  call: Call<(typeof ROUTES)[Name]>,
) => Promise<void>;

type NamedInBody = {
  [Name in RouteName]: (typeof ROUTES)[Name]['about'] extends 'its body' ? Name : never;
}[RouteName];

/** Routes whose body names the records that they change. Each has a check of its own. */
const IN_BODY: { readonly [Name in NamedInBody]: Check<Name> } = {
  heartbeat: async (context, { path, body, caller }) => {
    assertPool(caller, path.name);
    if (body.started) await assertSession(context, caller, path.name, path.session_id);
  },
  writeLogs: async (context, { body, caller }) => {
    const owners = body.map(({ flow_run_id: run, task_run_id: task }) =>
      run ? { run } : { task },
    );
    await each(distinct(owners.map(({ run }) => run)), (id) => assertRun(context, caller, id));
    await each(distinct(owners.map(({ task }) => task)), (id) =>
      assertTaskRun(context, caller, id),
    );
  },
  createTaskRun: (context, { body, caller }) => assertBeside(context, caller, body),
  createArtifact: (context, { body, caller }) => assertBeside(context, caller, body),
  pollDeployments: (context, { body, caller }) =>
    each(body.deployment_ids, (id) => assertDeployment(context, caller, id)),
  createFlowRun: async (context, { body, caller }) => {
    if (body.work_pool_name) assertPool(caller, body.work_pool_name);
    if (body.deployment_id) await assertDeployment(context, caller, body.deployment_id);
    if (body.idempotency_key) await assertIdempotencyKey(context, caller, body.flow_id);
    await assertParents(context, caller, [body]);
  },
  updateConcurrencyLimit: (context, { path, caller }) => assertLimit(context, caller, path.limit),
  deleteConcurrencyLimit: (context, { path, caller }) => assertLimit(context, caller, path.limit),
  createFlowRunFromDeployment: (context, { path, body, caller }) =>
    assertNewRuns(context, caller, path.id, [body]),
  createFlowRunsFromDeployment: (context, { path, body, caller }) =>
    assertNewRuns(context, caller, path.id, body),
};

/** Limits with a name belong to no pool, but the limit of a deployment is found among them. */
async function assertLimit(context: Context, caller: KeyHolder, limit: string): Promise<void> {
  const id = deploymentIdOf(limit);
  if (id) await assertDeployment(context, caller, id);
}

type NewRun = z.output<typeof DeploymentFlowRunCreate>;

/**
 * Runs of a deployment in another pool may only be created as run_deployment() in a flow creates
 * them.
 */
async function assertNewRuns(
  context: Context,
  caller: KeyHolder,
  deploymentId: string,
  runs: readonly NewRun[],
): Promise<void> {
  if (!runs.every(isAsRunDeployment)) await assertDeployment(context, caller, deploymentId);
  if (runs.some((run) => run.idempotency_key)) {
    const [deployment] = await context.store.readDeployments([deploymentId]);
    if (deployment) await assertIdempotencyKey(context, caller, deployment.flowId);
  }
  await assertParents(context, caller, runs);
}

/** The parent must be allowed, too, because a task run is shown with the state of its child run. */
const assertParents = (
  context: Context,
  caller: KeyHolder,
  runs: ReadonlyArray<Pick<NewRun, 'parent_task_run_id'>>,
): Promise<void> =>
  each(distinct(runs.map((run) => run.parent_task_run_id)), (id) =>
    assertTaskRun(context, caller, id),
  );

async function assertBeside(
  context: Context,
  caller: KeyHolder,
  of: Partial<Record<'flow_run_id' | 'task_run_id', string | null | undefined>>,
): Promise<void> {
  if (of.flow_run_id) await assertRun(context, caller, of.flow_run_id);
  if (of.task_run_id) await assertTaskRun(context, caller, of.task_run_id);
}

const distinct = (ids: ReadonlyArray<string | null | undefined>): string[] => [
  ...new Set(ids.flatMap((id) => id ?? [])),
];

async function each<Item>(
  items: readonly Item[],
  check: (item: Item) => Promise<void>,
): Promise<void> {
  for (const item of items) await check(item);
}

type InPath = Exclude<About, 'its body' | 'any pool' | 'no pool'>;
type PathCheck = (context: Context, caller: KeyHolder, inPath: string) => Promise<void>;

/** Routes whose path names the record that they change, by `{name}` or `{id}`. */
const IN_PATH: { readonly [Kind in InPath]: PathCheck } = {
  pool: async (_, caller, name) => assertPool(caller, name),
  queue: assertQueue,
  run: assertRun,
  'task run': assertTaskRun,
  artifact: assertArtifact,
  deployment: assertDeployment,
};

/**
 * Restricts a key for some pools: the records that it changes must belong to those pools, or to
 * none. Reading is not restricted. Every route declares what it is about (api/route.ts). A route
 * about `any pool` changes nothing for such a key.
 * @throws DibsError pool_forbidden; session_ended if a session of another pool has this id
 */
export async function restrictToPools(
  context: Context,
  name: RouteName,
  { access, about }: Route,
  call: Call,
): Promise<void> {
  const { caller } = call;
  if (caller.pools === null || READING.includes(access) || about === 'no pool') return;
  if (about === 'any pool') throw onePoolOnly(caller.pools);
  if (about === 'its body') {
    const check = IN_BODY[name as NamedInBody] as (context: Context, call: Call) => Promise<void>;
    return check(context, call);
  }
  const path: Readonly<Record<string, string>> = call.path;
  await IN_PATH[about](context, caller, path[about === 'pool' ? 'name' : 'id'] ?? '');
}

const READING: readonly Access[] = ['anyone', 'read'];

const onePoolOnly = (pools: readonly string[]): DibsError =>
  new DibsError('pool_forbidden', 'This request may change records of any work pool.', {
    hint: `This key is for ${pools.join(', ')} only. Use a key for all pools.`,
  });
