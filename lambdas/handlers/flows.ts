import type * as z from 'zod';
import type { FlowsCount } from '../../api/schemas/flows.ts';
import type { Context } from '../../core/context.ts';
import { deleteFlow } from '../../core/delete-deployment.ts';
import { filterFlows } from '../../core/filter-flows.ts';
import { createFlow, flowId, readFlow, updateFlow } from '../../core/flows.ts';
import { sortRecords } from '../../core/sort-records.ts';
import type { Handle } from '../http.ts';
import { onPage, pagination } from '../page.ts';
import { flowShape } from '../shapes/records.ts';

export const handleCreateFlow: Handle<'createFlow'> = async (context, { body }) => {
  const { flow, created } = await createFlow(context, {
    name: body.name,
    tags: body.tags ?? [],
    labels: body.labels ?? null,
  });
  return { status: created ? 201 : 200, body: flowShape(flow) };
};

export const handleReadFlow: Handle<'readFlow'> = async (context, { path }) => ({
  status: 200,
  body: flowShape(await readFlow(context, path.id)),
});

export const handleReadFlowByName: Handle<'readFlowByName'> = async (context, { path }) => ({
  status: 200,
  body: flowShape(await readFlow(context, flowId(path.flow))),
});

export const handleUpdateFlow: Handle<'updateFlow'> = async (context, { path, body }) => {
  await updateFlow(context, path.id, body.tags ? { tags: body.tags } : {});
  return { status: 204, body: undefined };
};

export const handleDeleteFlow: Handle<'deleteFlow'> = async (context, { path }) => {
  await deleteFlow(context, path.id);
  return { status: 204, body: undefined };
};

export const handleFilterFlows: Handle<'filterFlows'> = async (context, { body }) => {
  const found = sortRecords(await find(context, body), body?.sort);
  return { status: 200, body: onPage(found, body).map(flowShape) };
};

export const handleCountFlows: Handle<'countFlows'> = async (context, { body }) => ({
  status: 200,
  body: (await find(context, body)).length,
});

export const handlePaginateFlows: Handle<'paginateFlows'> = async (context, { body }) => {
  const found = sortRecords(await find(context, body), body?.sort);
  const { items, ...counts } = pagination(found, body);
  return { status: 200, body: { ...counts, results: items.map(flowShape) } };
};

const find = (context: Context, body: z.output<typeof FlowsCount>) =>
  filterFlows(context, {
    flows: body?.flows,
    deployments: body?.deployments,
    workPools: body?.work_pools,
    flowRuns: body?.flow_runs,
    taskRuns: body?.task_runs,
  });
