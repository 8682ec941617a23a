import type * as z from 'zod';
import type { DeploymentCreate } from '../../api/schemas/flows.ts';
import type { Context } from '../../core/context.ts';
import {
  createDeployment,
  type NewDeployment,
  readDeployment,
  readDeploymentByName,
} from '../../core/deployments.ts';
import { flowId } from '../../core/flows.ts';
import { activeSlots } from '../../core/list-slots.ts';
import type { Deployment } from '../../core/records.ts';
import type { Handle } from '../http.ts';
import { onPage } from '../page.ts';
import { untilSettled } from '../settled.ts';
import { deploymentShape } from '../shapes/records.ts';

export const handleCreateDeployment: Handle<'createDeployment'> = async (context, { body }) => {
  const { deployment, created, settling } = await createDeployment(context, wishOf(body));
  await untilSettled(context, settling);
  return { status: created ? 201 : 200, body: await shape(context, deployment) };
};

export const handleReadDeployment: Handle<'readDeployment'> = async (context, { path }) => ({
  status: 200,
  body: await shape(context, await readDeployment(context, path.id)),
});

export const handleReadDeploymentByName: Handle<'readDeploymentByName'> = async (
  context,
  { path },
) => {
  const deployment = await readDeploymentByName(context, path.flow, path.deployment);
  return { status: 200, body: await shape(context, deployment) };
};

export const handleFilterDeployments: Handle<'filterDeployments'> = async (context, { body }) => {
  const { id, name } = body?.deployments ?? {};
  const { id: flow, name: flowName } = body?.flows ?? {};
  const named = flowName?.any_?.map(flowId);
  const all = id?.any_
    ? await context.store.readDeployments(id.any_)
    : await context.store.listDeployments();
  const found = all
    .filter((one) => (name?.any_ ?? [one.name]).includes(one.name))
    .filter(({ flowId: of }) => (flow?.any_ ?? [of]).includes(of) && (named ?? [of]).includes(of))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const shapes = onPage(found, body).map((one) => shape(context, one));
  return { status: 200, body: await Promise.all(shapes) };
};

async function shape(context: Context, deployment: Deployment) {
  const { queueId, id, concurrencyLimit } = deployment;
  const place = queueId ? await context.store.readQueuePlace(queueId) : undefined;
  const active = await activeSlots(context, { kind: 'deployment', id }, concurrencyLimit);
  return deploymentShape(deployment, place, active, context.now());
}

function wishOf(body: z.output<typeof DeploymentCreate>): NewDeployment {
  const { parameters, labels, job_variables, parameter_openapi_schema: schema, tags } = body;
  const enforce = body.enforce_parameter_schema;
  return {
    flowId: body.flow_id,
    name: body.name,
    version: body.version ?? null,
    description: body.description ?? null,
    poolName: body.work_pool_name ?? null,
    queueName: body.work_queue_name ?? null,
    path: body.path ?? null,
    entrypoint: body.entrypoint ?? null,
    pullSteps: body.pull_steps ?? null,
    storageDocumentId: body.storage_document_id ?? null,
    infrastructureDocumentId: body.infrastructure_document_id ?? null,
    concurrencyLimit: body.concurrency_limit ?? null,
    collisionStrategy: body.concurrency_options?.collision_strategy ?? 'ENQUEUE',
    graceSeconds: body.concurrency_options?.grace_period_seconds ?? null,
    ...(body.paused === undefined ? {} : { paused: body.paused }),
    ...(enforce === undefined ? {} : { enforceParameterSchema: enforce }),
    ...(parameters ? { parameters } : {}),
    ...(labels ? { labels } : {}),
    ...(tags ? { tags } : {}),
    ...(job_variables ? { jobVariables: job_variables } : {}),
    ...(schema ? { parameterSchema: schema } : {}),
  };
}
