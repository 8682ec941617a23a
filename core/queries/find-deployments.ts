import type { Deployment } from '../../model/deployments.ts';
import type { QueuePlace } from '../../model/pools.ts';
import type { Context } from '../context.ts';
import { type DeploymentFilter, matchesDeployment } from '../filters/deployments.ts';
import type { FlowFilter } from '../filters/flows.ts';
import {
  matchesWorkPool,
  matchesWorkQueue,
  type WorkPoolFilter,
  type WorkQueueFilter,
} from '../filters/work-pools.ts';
import { findFlows } from './find-flows.ts';

/** Filters of deployments: by their own fields and by the records that they belong to. */
export interface DeploymentQuery {
  readonly deployments?: DeploymentFilter | null | undefined;
  readonly flows?: FlowFilter | null | undefined;
  readonly workPools?: WorkPoolFilter | null | undefined;
  readonly workQueues?: WorkQueueFilter | null | undefined;
}

/**
 * Finds deployments. The result is exact and in no order. Only records that the filters need are
 * read.
 */
export async function findDeployments(
  context: Context,
  { deployments: filter, flows, workPools, workQueues }: DeploymentQuery,
): Promise<Deployment[]> {
  const all = await candidates(context, filter);
  const flowIds = flows && new Set((await findFlows(context, flows)).map(({ id }) => id));
  const found = flowIds ? all.filter(({ flowId }) => flowIds.has(flowId)) : all;
  const names = filter?.flow_or_deployment_name
    ? await flowNames(context, found)
    : new Map<string, string>();
  const inQueues = filter?.work_queue_name || workPools || workQueues;
  const places = inQueues ? await placesOf(context, found) : new Map<string, QueuePlace>();
  const inPlace = await matchesPlace(context, workPools, workQueues);
  const matches = matchesDeployment(filter);
  return found.filter((deployment) => {
    const place = places.get(deployment.queueId ?? '');
    const flowName = names.get(deployment.flowId) ?? null;
    return (
      inPlace(place) && matches({ ...deployment, flowName, queueName: place?.queueName ?? null })
    );
  });
}

/** The deployments with the ids that the filter gives, or else all deployments. */
function candidates({ store }: Context, filter: DeploymentFilter | null | undefined) {
  const ids = filter?.operator === 'or_' ? undefined : filter?.id?.any_;
  return ids ? store.readDeployments(ids) : store.listDeployments();
}

async function flowNames({ store }: Context, deployments: readonly Deployment[]) {
  const flows = await store.readFlows(deployments.map(({ flowId }) => flowId));
  return new Map(flows.map(({ id, name }) => [id, name]));
}

async function placesOf({ store }: Context, deployments: readonly Deployment[]) {
  const ids = new Set(deployments.flatMap(({ queueId }) => queueId ?? []));
  const places = await Promise.all([...ids].map((id) => store.readQueuePlace(id)));
  return new Map(places.flatMap((place) => (place ? [[place.queueId, place]] : [])));
}

async function matchesPlace(
  { store }: Context,
  workPools: WorkPoolFilter | null | undefined,
  workQueues: WorkQueueFilter | null | undefined,
): Promise<(place: QueuePlace | undefined) => boolean> {
  if (!workPools && !workQueues) return () => true;
  const pools = workPools && (await store.listPools()).filter(matchesWorkPool(workPools));
  const poolIds = pools && new Set(pools.map(({ id }) => id));
  const queue = matchesWorkQueue(workQueues);
  return (place) => place !== undefined && (poolIds?.has(place.poolId) ?? true) && queue(place);
}
