import { createFlow, flowId, readFlow } from '../../core/flows.ts';
import type { Handle } from '../http.ts';
import { onPage } from '../page.ts';
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

export const handleFilterFlows: Handle<'filterFlows'> = async (context, { body }) => {
  const { id, name } = body?.flows ?? {};
  const wanted = id?.any_ ?? name?.any_?.map(flowId);
  const flows = wanted ? await context.store.readFlows(wanted) : await context.store.listFlows();
  const found = flows
    .filter((flow) => (name?.any_ ?? [flow.name]).includes(flow.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return { status: 200, body: onPage(found, body).map(flowShape) };
};
