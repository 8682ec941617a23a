import { type Flow, flowId } from '../../model/deployments.ts';
import type { Context } from '../context.ts';
import { type FlowFilter, matchesFlow } from '../filters/flows.ts';

/**
 * Finds flows. The result is exact and in no order. Only records that the filter needs are read.
 */
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

/** The flows with the ids that are given or follow from given names, or else all flows. */
function candidates({ store }: Context, filter: FlowFilter | null | undefined): Promise<Flow[]> {
  const { operator, id, name } = filter ?? {};
  const ids = operator === 'or_' ? undefined : (id?.any_ ?? name?.any_?.map(flowId));
  return ids ? store.readFlows(ids) : store.listFlows();
}

const deployedFlows = async ({ store }: Context) =>
  new Set((await store.listDeployments()).map(({ flowId: id }) => id));
