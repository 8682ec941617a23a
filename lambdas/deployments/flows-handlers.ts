import type * as z from 'zod';
import type { flowsRoutes } from '../../api/deployments/flows-routes.ts';
import type { FlowsCount } from '../../api/deployments/flows-schemas.ts';
import type { Context } from '../../core/context.ts';
import { sortRecords } from '../../core/criteria/sort-records.ts';
import { deleteEach } from '../../core/delete-each.ts';
import { deleteFlow } from '../../core/deployments/delete-deployment.ts';
import { createFlow, readFlow, updateFlow } from '../../core/deployments/flows.ts';
import { filterFlows } from '../../core/queries/flows-by-runs.ts';
import { flowId } from '../../model/deployments.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Handles } from '../http/http.ts';
import { onPage, pagination, thatFit } from '../http/page.ts';
import { flowShape } from './flow-shape.ts';

export const flowHandlers = {
  createFlow: async (context, { body }) => {
    const { flow, created } = await createFlow(context, {
      name: body.name,
      tags: body.tags ?? [],
      labels: body.labels ?? null,
    });
    return { status: created ? 201 : 200, body: flowShape(flow) };
  },

  readFlow: async (context, { path }) => ({
    status: 200,
    body: flowShape(await readFlow(context, path.id)),
  }),

  readFlowByName: async (context, { path }) => ({
    status: 200,
    body: flowShape(await readFlow(context, flowId(path.flow))),
  }),

  updateFlow: async (context, { path, body }) => {
    await updateFlow(context, path.id, body.tags ? { tags: body.tags } : {});
    return { status: 204, body: undefined };
  },

  deleteFlow: async (context, { path }) => {
    await deleteFlow(context, path.id);
    return { status: 204, body: undefined };
  },

  deleteFlows: async (context, { body }) => {
    const found = sortRecords(await find(context, { flows: body?.flows }), undefined);
    const ids = found.slice(0, body?.limit ?? NUMBERS.prefectBulk).map(({ id }) => id);
    const deleted = await deleteEach(ids, (id) => deleteFlow(context, id));
    return { status: 200, body: { deleted } };
  },

  filterFlows: async (context, { body }) => {
    const found = sortRecords(await find(context, body), body?.sort);
    return { status: 200, body: thatFit(onPage(found, body).map(flowShape)) };
  },

  countFlows: async (context, { body }) => ({
    status: 200,
    body: (await find(context, body)).length,
  }),

  paginateFlows: async (context, { body }) => {
    const found = sortRecords(await find(context, body), body?.sort);
    const { items, ...counts } = pagination(found, body);
    return { status: 200, body: { ...counts, results: thatFit(items.map(flowShape)) } };
  },
} satisfies Handles<keyof typeof flowsRoutes>;

const find = (context: Context, body: z.output<typeof FlowsCount>) =>
  filterFlows(context, {
    flows: body?.flows,
    deployments: body?.deployments,
    workPools: body?.work_pools,
    flowRuns: body?.flow_runs,
    taskRuns: body?.task_runs,
  });
