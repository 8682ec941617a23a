import type { Deployment, Flow } from '../records.ts';
import type { Limit } from '../slots.ts';
import type { Changed } from './pools.ts';

/** Flows and deployments. */
export interface DeploymentStore {
  createFlow(flow: Flow): Promise<{ flow: Flow; created: boolean }>;
  readFlows(ids: readonly string[]): Promise<Flow[]>;
  listFlows(): Promise<Flow[]>;
  /** Claims the name for this id, or gives the id that has it. */
  createDeployment(
    deployment: Deployment,
    limit?: Limit,
  ): Promise<{ id: string; created: boolean }>;
  /** 'outrun' where it is not of the generation just before this one, too. */
  overwriteDeployment(deployment: Deployment, limit?: Limit): Promise<Changed>;
  readDeployments(ids: readonly string[]): Promise<Deployment[]>;
  /** By id, each of at least that generation; apart from that, as within the last 2 s will do. */
  readDeploymentsSince(wanted: ReadonlyMap<string, number>): Promise<Deployment[]>;
  readDeploymentId(flowId: string, name: string): Promise<string | undefined>;
  listDeployments(): Promise<Deployment[]>;
}
