import { v5 } from 'uuid';
import type { CollisionStrategy, Limit } from './limits.ts';
import type { Changed } from './pools.ts';
import type { Schedule, Visit } from './schedules.ts';
import type { Instant } from './values/instant.ts';
import type { JsonText } from './values/json-text.ts';

const FLOWS = '0d8b1d9c-30f4-5a39-9b23-0c6d0b1c6a57';

/** A flow's id follows from its name, so creating the same flow twice gives one flow. */
export const flowId = (name: string): string => v5(name.toWellFormed(), FLOWS);

export interface Flow {
  readonly id: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly labels: JsonText;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export interface Deployment {
  readonly id: string;
  readonly flowId: string;
  readonly name: string;
  readonly version: string | null;
  readonly description: string | null;
  readonly paused: boolean;
  readonly parameters: JsonText;
  readonly parameterSchema: JsonText;
  readonly enforceParameterSchema: boolean;
  readonly jobVariables: JsonText;
  readonly tags: readonly string[];
  readonly labels: JsonText;
  readonly queueId: string | null;
  readonly concurrencyLimit: number | null;
  /** null: none was set, which means ENQUEUE. */
  readonly collisionStrategy: CollisionStrategy | null;
  /** A field of Prefect's, kept for its clients and not used: slots here last as long as claims. */
  readonly graceSeconds: number | null;
  readonly path: string | null;
  readonly entrypoint: string | null;
  readonly pullSteps: JsonText | null;
  readonly storageDocumentId: string | null;
  readonly infrastructureDocumentId: string | null;
  readonly schedules: readonly Schedule[];
  /** Grows by one with every change. */
  readonly generation: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

type Scheduling = Pick<Deployment, 'paused' | 'schedules'>;

export const activeSchedules = ({ paused, schedules }: Scheduling): readonly Schedule[] =>
  paused ? [] : schedules.filter(({ active, setAside }) => active && setAside === undefined);

/**
 * Written in one transaction with a deployment: its limit, and when to visit its schedules next.
 */
export interface Beside {
  readonly limit?: Limit | undefined;
  readonly visit?: Visit | undefined;
}

/** Flows and deployments. */
export interface DeploymentStore {
  createFlow(flow: Flow): Promise<{ flow: Flow; created: boolean }>;
  updateFlow(id: string, change: Pick<Flow, 'tags' | 'updatedAt'>): Promise<'updated' | 'missing'>;
  /** False: the flow does not exist. */
  deleteFlow(id: string): Promise<boolean>;
  /** The ids of one flow's deployments. A consistent read. */
  listDeploymentIds(flowId: string): Promise<string[]>;
  readFlows(ids: readonly string[]): Promise<Flow[]>;
  listFlows(): Promise<Flow[]>;
  /** Claims the name for this id, or returns the id that already has the name. */
  createDeployment(
    deployment: Deployment,
    beside?: Beside,
  ): Promise<{ id: string; created: boolean }>;
  /** Also 'outrun': the stored deployment is not of the generation just before this one. */
  overwriteDeployment(deployment: Deployment, beside?: Beside): Promise<Changed>;
  /** Frees the deployment's name. Deletes its limit and its visit, if any, in the same write. */
  deleteDeployment(
    deployment: Deployment,
    limit?: Limit,
  ): Promise<'deleted' | 'missing' | 'outrun'>;
  readDeployments(ids: readonly string[]): Promise<Deployment[]>;
  /**
   * By id, each of at least the given generation. A record read in the last 2 s may be returned.
   */
  readDeploymentsSince(wanted: ReadonlyMap<string, number>): Promise<Deployment[]>;
  readDeploymentId(flowId: string, name: string): Promise<string | undefined>;
  listDeployments(): Promise<Deployment[]>;
}
