import type { Route } from '../api/route.ts';
import type { ROUTES, RouteName } from '../api/routes.ts';
import { assertPool } from '../core/access.ts';
import type { Context } from '../core/context.ts';
import {
  assertDeployment,
  assertQueue,
  assertRun,
  assertSession,
  assertTaskRun,
} from '../core/pool-access.ts';
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
  writeLogs: (context, { body, caller }) =>
    each(body, ({ flow_run_id: id }) => id && assertRun(context, caller, id)),
  createTaskRun: async (context, { body, caller }) => {
    if (body.flow_run_id) await assertRun(context, caller, body.flow_run_id);
  },
  updateTaskRun: (context, { path, caller }) => assertTaskRun(context, caller, path.id),
  setTaskRunState: (context, { path, caller }) => assertTaskRun(context, caller, path.id),
  createArtifact: async (context, { body, caller }) => {
    if (body.flow_run_id) await assertRun(context, caller, body.flow_run_id);
  },
  pollDeployments: (context, { body, caller }) =>
    each(body.deployment_ids, (id) => assertDeployment(context, caller, id)),
  createFlowRun: async (_, { body, caller }) => {
    if (body.work_pool_name) assertPool(caller, body.work_pool_name);
  },
  createFlowRunFromDeployment: (context, { path, body, caller }) =>
    assertDeployment(context, caller, path.id, isAsItIs(body)),
  createFlowRunsFromDeployment: (context, { path, body, caller }) =>
    assertDeployment(context, caller, path.id, body.every(isAsItIs)),
};

/** A run of a deployment, as run_deployment() in a flow creates it: how and where it runs is not said. */
const isAsItIs = (body: object): boolean =>
  (['job_variables', 'infrastructure_document_id', 'work_queue_name'] as const).every(
    (name) => (body as Readonly<Record<string, unknown>>)[name] == null,
  );

async function each<Item>(
  items: readonly Item[],
  check: (item: Item) => Promise<void> | '' | null | undefined,
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
