import type { Deployment, Flow } from '../records.ts';
import type { Limit } from '../slots.ts';
import type { Changed } from './pools.ts';
import type { Visit } from './schedules.ts';

/** What is written with a deployment, all or nothing: its limit, when its schedules are looked at. */
export interface Beside {
  readonly limit?: Limit | undefined;
  readonly visit?: Visit | undefined;
}

/** Flows and deployments. */
export interface DeploymentStore {
  createFlow(flow: Flow): Promise<{ flow: Flow; created: boolean }>;
  updateFlow(id: string, change: Pick<Flow, 'tags' | 'updatedAt'>): Promise<'updated' | 'missing'>;
  /** False: there is no such flow. */
  deleteFlow(id: string): Promise<boolean>;
  /** Consistent: of one flow. */
  listDeploymentIds(flowId: string): Promise<string[]>;
  readFlows(ids: readonly string[]): Promise<Flow[]>;
  listFlows(): Promise<Flow[]>;
  /** Claims the name for this id, or gives the id that has it. */
  createDeployment(
    deployment: Deployment,
    beside?: Beside,
  ): Promise<{ id: string; created: boolean }>;
  /** 'outrun' where it is not of the generation just before this one, too. */
  overwriteDeployment(deployment: Deployment, beside?: Beside): Promise<Changed>;
  /** Frees its name; its limit and its visits, if it had any, end in the same write. */
  deleteDeployment(
    deployment: Deployment,
    limit?: Limit,
  ): Promise<'deleted' | 'missing' | 'outrun'>;
  readDeployments(ids: readonly string[]): Promise<Deployment[]>;
  /** By id, each of at least that generation; apart from that, as within the last 2 s will do. */
  readDeploymentsSince(wanted: ReadonlyMap<string, number>): Promise<Deployment[]>;
  readDeploymentId(flowId: string, name: string): Promise<string | undefined>;
  listDeployments(): Promise<Deployment[]>;
}
