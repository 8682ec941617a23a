import type * as z from 'zod';
import type { runsRoutes } from '../../api/runs/routes.ts';
import type { DeploymentFlowRunCreate, FlowRunCreate } from '../../api/runs/schemas.ts';
import type { Context } from '../../core/context.ts';
import { readDeployment } from '../../core/deployments/deployments.ts';
import { flowOf } from '../../core/deployments/flows.ts';
import { cancelIfSurplus } from '../../core/dispatch/cancel-surplus.ts';
import { filterRuns, findRuns } from '../../core/queries/find-runs.ts';
import { sortRuns } from '../../core/queries/sort-runs.ts';
import type { RunWish } from '../../core/runs/compose-run.ts';
import { createRunOfDeployment, createRunOfFlow, createRuns } from '../../core/runs/create-run.ts';
import { deleteRun } from '../../core/runs/delete-run.ts';
import { updateLabels } from '../../core/runs/update-labels.ts';
import { type RunPatch, updateRun } from '../../core/runs/update-run.ts';
import { viewRun, viewWholeState } from '../../core/runs/view-run.ts';
import { withinReply } from '../../core/sizes.ts';
import type { Run } from '../../model/runs/run.ts';
import { runName } from '../../model/runs/run-name.ts';
import { runNotFound } from '../../model/values/errors.ts';
import type { Handles } from '../http/http.ts';
import { pageOf, pagination } from '../http/page.ts';
import { stateWish } from '../states/state-wish.ts';
import { flowRunShape } from './flow-run-shape.ts';
import { runQuery } from './run-query.ts';

export const runHandlers = {
  createFlowRun: async (context, { body, identity }) => {
    const { deployment_id: id } = body;
    const deployment = id ? await readDeployment(context, id) : undefined;
    const { run, created } = await createRunOfFlow(context, await flowOf(context, body.flow_id), {
      ...wishOf(body),
      ...(deployment ? { deployment } : {}),
      workerName: identity.workerName,
      flowVersion: body.flow_version ?? null,
      poolName: body.work_pool_name ?? null,
    });
    return { status: created ? 201 : 200, body: await shape(context, run) };
  },

  createFlowRunFromDeployment: async (context, { path, body, identity }) => {
    const deployment = await readDeployment(context, path.id);
    const { run, created } = await createRunOfDeployment(context, deployment, {
      ...wishOf(body),
      workerName: identity.workerName,
      enforceSchema: body.enforce_parameter_schema ?? null,
    });
    return { status: created ? 201 : 200, body: await shape(context, run) };
  },

  createFlowRunsFromDeployment: async (context, { path, body, identity }) => {
    const deployment = await readDeployment(context, path.id);
    const wishes = body.map((one) => ({
      ...wishOf(one),
      workerName: identity.workerName,
      enforceSchema: one.enforce_parameter_schema ?? null,
    }));
    const results = (await createRuns(context, deployment, wishes)).map((made) =>
      'runId' in made
        ? { flow_run_id: made.runId, status: 'CREATED' as const, error: null }
        : { flow_run_id: null, status: 'FAILED' as const, error: made.error },
    );
    return { status: 200, body: { results } };
  },

  readFlowRun: async (context, { path }) => {
    const run = await context.store.readRun(path.id);
    if (!run) throw runNotFound();
    const now = await cancelIfSurplus(context, run);
    const view = await viewRun(context, now, viewWholeState);
    return { status: 200, body: flowRunShape(view, context.now()) };
  },

  updateFlowRun: async (context, { path, body, identity }) => {
    const { name, tags, empirical_policy: policy } = body;
    const patch: RunPatch = {
      ...(body.parameters == null ? {} : { parameters: body.parameters }),
      ...(body.job_variables == null ? {} : { jobVariables: body.job_variables }),
      ...(name == null ? {} : { name: name || runName({ id: path.id }) }),
      ...(tags == null ? {} : { tags }),
      ...(body.flow_version === undefined ? {} : { flowVersion: body.flow_version }),
      ...(body.infrastructure_pid === undefined
        ? {}
        : { infrastructurePid: body.infrastructure_pid }),
      ...(policy?.retries === undefined ? {} : { retries: policy.retries }),
      ...(policy?.retry_delay === undefined ? {} : { retryDelay: policy.retry_delay }),
    };
    await updateRun(context, path.id, patch, identity);
    return { status: 204, body: undefined };
  },

  updateFlowRunLabels: async (context, { path, body, identity }) => {
    await updateLabels(context, path.id, body, identity);
    return { status: 204, body: undefined };
  },

  deleteFlowRun: async (context, { path }) => {
    await deleteRun(context, path.id);
    return { status: 204, body: undefined };
  },

  filterFlowRuns: async (context, { body }) => {
    const sort = body?.sort ?? 'ID_DESC';
    const runs = await filterRuns(context, runQuery(body), sort, pageOf(body));
    const told = withinReply(runs);
    return { status: 200, body: await Promise.all(told.map((run) => shape(context, run))) };
  },

  paginateFlowRuns: async (context, { body }) => {
    // All runs are needed for the count; the page is cut out of them.
    const found = sortRuns(await findRuns(context, runQuery(body)), body?.sort ?? 'ID_DESC');
    const { items, ...counts } = pagination(found, body);
    const results = await Promise.all(withinReply(items).map((run) => shape(context, run)));
    return { status: 200, body: { results, ...counts } };
  },
} satisfies Handles<keyof typeof runsRoutes>;

const shape = async (context: Context, run: Run) =>
  flowRunShape(await viewRun(context, run), context.now());

type Body = z.output<typeof DeploymentFlowRunCreate> | z.output<typeof FlowRunCreate>;

const wishOf = (body: Body): RunWish => ({
  name: body.name || null,
  parameters: body.parameters ?? null,
  context: body.context ?? null,
  jobVariables: body.job_variables ?? null,
  labels: body.labels ?? null,
  tags: body.tags ?? null,
  idempotencyKey: body.idempotency_key || null,
  parentTaskRunId: body.parent_task_run_id ?? null,
  retries: body.empirical_policy?.retries ?? null,
  retryDelay: body.empirical_policy?.retry_delay ?? null,
  queueName: body.work_queue_name ?? null,
  infrastructureDocumentId: body.infrastructure_document_id ?? null,
  ...(body.state ? { state: stateWish(body.state) } : {}),
});
