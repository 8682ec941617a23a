import type * as z from 'zod';
import type { Route } from '../../api/route.ts';
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
import type { KeyHolder } from '../../model/access.ts';
import { isScheduled } from '../../model/runs/state.ts';
import type { Call } from './request.ts';

type Check<Name extends RouteName> = (
  context: Context,
  call: Call<(typeof ROUTES)[Name]>,
) => Promise<void>;

/** Where a route says elsewhere than in its path what it is about. */
const CHECKS: { readonly [Name in RouteName]?: Check<Name> } = {
  heartbeat: async (context, { path, body, caller }) => {
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
  updateTaskRun: (context, { path, caller }) => assertTaskRun(context, caller, path.id),
  setTaskRunState: (context, { path, caller }) => assertTaskRun(context, caller, path.id),
  createArtifact: (context, { body, caller }) => assertBeside(context, caller, body),
  updateArtifact: (context, { path, caller }) => assertArtifact(context, caller, path.id),
  pollDeployments: (context, { body, caller }) =>
    each(body.deployment_ids, (id) => assertDeployment(context, caller, id)),
  createFlowRun: async (context, { body, caller }) => {
    if (body.work_pool_name) assertPool(caller, body.work_pool_name);
    if (body.idempotency_key) await assertIdempotencyKey(context, caller, body.flow_id);
    await assertParents(context, caller, [body]);
  },
  createFlowRunFromDeployment: (context, { path, body, caller }) =>
    assertNewRuns(context, caller, path.id, [body]),
  createFlowRunsFromDeployment: (context, { path, body, caller }) =>
    assertNewRuns(context, caller, path.id, body),
};

type NewRun = z.output<typeof DeploymentFlowRunCreate>;

/** Of a deployment in another pool those alone that are as run_deployment() in a flow creates them. */
async function assertNewRuns(
  context: Context,
  caller: KeyHolder,
  deploymentId: string,
  runs: readonly NewRun[],
): Promise<void> {
  if (!runs.every(isAsItIs)) await assertDeployment(context, caller, deploymentId);
  if (runs.some((run) => run.idempotency_key)) {
    const [deployment] = await context.store.readDeployments([deploymentId]);
    if (deployment) await assertIdempotencyKey(context, caller, deployment.flowId);
  }
  await assertParents(context, caller, runs);
}

/** How and where it runs is not said, and it waits like any other: one that began as held would take slots. */
const isAsItIs = (run: NewRun): boolean =>
  run.job_variables == null &&
  run.infrastructure_document_id == null &&
  run.work_queue_name == null &&
  (run.state == null || isScheduled(run.state.type));

/** A task run is shown in the state of the run that it is the parent of. */
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

/**
 * What a key for some pools may poll, and what it may change. Reading is not restricted.
 * @throws DibsError pool_forbidden
 */
export async function restrictToPools(
  context: Context,
  name: RouteName,
  route: Route,
  call: Call,
): Promise<void> {
  const { caller } = call;
  if (caller.pools === null) return;
  const path: Readonly<Record<string, string>> = call.path;
  if (route.access === 'poll') {
    if (path['name'] !== undefined) assertPool(caller, path['name']);
    else if (path['id'] !== undefined) await assertQueue(context, caller, path['id']);
  }
  const changesRun = route.access === 'execute' && route.path.startsWith('/api/flow_runs/{id}');
  if (changesRun && path['id'] !== undefined) await assertRun(context, caller, path['id']);
  await (CHECKS[name] as ((context: Context, call: Call) => Promise<void>) | undefined)?.(
    context,
    call,
  );
}
