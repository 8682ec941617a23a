import { type Flow, flowId } from '../../model/deployments.ts';
import type { Context } from '../context.ts';
import { type FlowFilter, matchesFlow } from '../filters/flows.ts';

/** Exact answers, in no order. Only what the filter asks for is read. */
export async function findFlows(
  context: Context,
  filter: FlowFilter | null | undefined,
): Promise<Flow[]> {
  const found = await candidates(context, filter);
  const asksForDeployments = filter?.deployment?.is_null_ != null;
  const deployed = asksForDeployments ? await deployedFlows(context) : new Set<string>();
  const matches = matchesFlow(filter);
  return found.filter((flow) => matches({ ...flow, isDeployed: deployed.has(flow.id) }));
}

/** By their ids where those are given, or follow from their names; else all that there are. */
function candidates({ store }: Context, filter: FlowFilter | null | undefined): Promise<Flow[]> {
  const { operator, id, name } = filter ?? {};
  const ids = operator === 'or_' ? undefined : (id?.any_ ?? name?.any_?.map(flowId));
  return ids ? store.readFlows(ids) : store.listFlows();
}

const deployedFlows = async ({ store }: Context) =>
  new Set((await store.listDeployments()).map(({ flowId: id }) => id));
