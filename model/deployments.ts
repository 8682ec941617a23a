import { v5 } from 'uuid';
import type { CollisionStrategy, Limit } from './limits.ts';
import type { Changed } from './pools.ts';
import type { Schedule, Visit } from './schedules.ts';
import type { Instant } from './values/instant.ts';
import type { JsonText } from './values/json-text.ts';

const FLOWS = '0d8b1d9c-30f4-5a39-9b23-0c6d0b1c6a57';

/** A flow's id follows from its name, so that creating one twice is creating it once. */
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
  /** null: nobody chose one, so it is ENQUEUE. */
  readonly collisionStrategy: CollisionStrategy | null;
  /** Prefect's; kept for its clients. Our slots live as long as claims do. */
  readonly graceSeconds: number | null;
  readonly path: string | null;
  readonly entrypoint: string | null;
  readonly pullSteps: JsonText | null;
  readonly storageDocumentId: string | null;
  readonly infrastructureDocumentId: string | null;
  readonly schedules: readonly Schedule[];
  /** Grows with every change. */
  readonly generation: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

type Scheduling = Pick<Deployment, 'paused' | 'schedules'>;

export const activeSchedules = ({ paused, schedules }: Scheduling): readonly Schedule[] =>
  paused ? [] : schedules.filter(({ active }) => active);

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
