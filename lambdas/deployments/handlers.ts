import type * as z from 'zod';
import type { deploymentsRoutes } from '../../api/deployments/routes.ts';
import type { DeploymentsCount } from '../../api/deployments/schemas.ts';
import type { Context } from '../../core/context.ts';
import { sortRecords } from '../../core/criteria/sort-records.ts';
import { deleteEach } from '../../core/delete-each.ts';
import { changeDeployment } from '../../core/deployments/change-deployment.ts';
import { createDeployment } from '../../core/deployments/create-deployment.ts';
import { deleteDeployment } from '../../core/deployments/delete-deployment.ts';
import { readDeployment, readDeploymentByName } from '../../core/deployments/deployments.ts';
import { updateDeployment } from '../../core/deployments/update-deployment.ts';
import { heldSlots } from '../../core/limits/list-slots.ts';
import { servedAt } from '../../core/pools/polled.ts';
import { listAllQueues } from '../../core/pools/queues.ts';
import { filterDeployments } from '../../core/queries/deployments-by-runs.ts';
import type { Deployment } from '../../model/deployments.ts';
import type { Instant } from '../../model/values/instant.ts';
import { JsonText } from '../../model/values/json-text.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Handles } from '../http/http.ts';
import { onPage, pagination, thatFit } from '../http/page.ts';
import { untilSettled } from '../limits/settled.ts';
import { queueShapes } from '../pools/queues-handlers.ts';
import { deploymentShape } from './deployment-shape.ts';
import { deploymentWish } from './deployment-wish.ts';

export const deploymentHandlers = {
  createDeployment: async (context, { body }) => {
    const { flow_id: flowId, name, labels } = body;
    const wish = {
      ...deploymentWish(body, context.now()),
      flowId,
      name,
      ...(labels ? { labels } : {}),
    };
    const { deployment, created, settling } = await createDeployment(context, wish);
    await untilSettled(context, settling);
    return { status: created ? 201 : 200, body: await shape(context, deployment) };
  },

  updateDeployment: async (context, { path, body }) => {
    const { settling } = await updateDeployment(
      context,
      path.id,
      deploymentWish(body, context.now()),
    );
    await untilSettled(context, settling);
    return { status: 204, body: undefined };
  },

  deleteDeployment: async (context, { path }) => {
    await deleteDeployment(context, path.id);
    return { status: 204, body: undefined };
  },

  deleteDeployments: async (context, { body }) => {
    const found = sortRecords(await find(context, { deployments: body?.deployments }), undefined);
    const ids = found.slice(0, body?.limit ?? NUMBERS.prefectBulk).map(({ id }) => id);
    const deleted = await deleteEach(ids, (id) => deleteDeployment(context, id));
    return { status: 200, body: { deleted } };
  },

  pauseDeployment: async (context, { path }) => paused(context, path.id, true),

  resumeDeployment: async (context, { path }) => paused(context, path.id, false),

  readDeployment: async (context, { path }) => ({
    status: 200,
    body: await shape(context, await readDeployment(context, path.id)),
  }),

  readDeploymentByName: async (context, { path }) => {
    const deployment = await readDeploymentByName(context, path.flow, path.deployment);
    return { status: 200, body: await shape(context, deployment) };
  },

  checkWorkQueues: async (context, { path }) => {
    await readDeployment(context, path.id);
    return { status: 200, body: await queueShapes(context, await listAllQueues(context)) };
  },

  filterDeployments: async (context, { body }) => {
    const found = sortRecords(await find(context, body), body?.sort);
    return { status: 200, body: thatFit(await shapes(context, onPage(found, body))) };
  },

  countDeployments: async (context, { body }) => ({
    status: 200,
    body: (await find(context, body)).length,
  }),

  paginateDeployments: async (context, { body }) => {
    const found = sortRecords(await find(context, body), body?.sort);
    const { items, ...counts } = pagination(found, body);
    return { status: 200, body: { ...counts, results: thatFit(await shapes(context, items)) } };
  },
} satisfies Handles<keyof typeof deploymentsRoutes>;

async function paused(context: Context, id: string, isPaused: boolean) {
  await changeDeployment(context, id, (deployment) => ({ ...deployment, paused: isPaused }));
  return { status: 200, body: new JsonText('null') } as const;
}

const find = (context: Context, body: z.output<typeof DeploymentsCount>): Promise<Deployment[]> =>
  filterDeployments(context, {
    deployments: body?.deployments,
    flows: body?.flows,
    workPools: body?.work_pools,
    workQueues: body?.work_pool_queues,
    flowRuns: body?.flow_runs,
    taskRuns: body?.task_runs,
  });

async function shapes(context: Context, deployments: readonly Deployment[]) {
  const served = await servedAt(context, deployments);
  return Promise.all(deployments.map((one) => shape(context, one, served)));
}

async function shape(context: Context, deployment: Deployment, served?: Map<string, Instant>) {
  const { queueId, id, concurrencyLimit } = deployment;
  const stamps = served ?? (await servedAt(context, [deployment]));
  const place = queueId ? await context.store.readQueuePlace(queueId) : undefined;
  const active = await heldSlots(context, { kind: 'deployment', id }, concurrencyLimit);
  return deploymentShape(deployment, {
    place,
    servedAt: stamps.get(id),
    activeSlots: active,
    now: context.now(),
  });
}
