import type * as z from 'zod';
import type { Deployment as DeploymentSchema } from '../../api/deployments/schemas.ts';
import { overlay } from '../../core/parameters/parameters.ts';
import { isPolled } from '../../core/pools/polled.ts';
import type { Deployment } from '../../model/deployments.ts';
import type { QueuePlace } from '../../model/pools.ts';
import { type Instant, toIso } from '../../model/values/instant.ts';
import { JsonText } from '../../model/values/json-text.ts';
import { deploymentLimitShape } from '../named-limits/deployment-limits.ts';
import { scheduleShapes } from '../schedules/schedule-shape.ts';

/** What a response needs to know of a deployment besides its record. */
interface Around {
  readonly place: QueuePlace | undefined;
  /** For a deployment without a queue: when a process that serves it last polled. */
  readonly servedAt?: Instant | undefined;
  readonly activeSlots?: number | null;
  readonly now: Instant;
}

export const deploymentShape = (
  deployment: Deployment,
  { place, servedAt, activeSlots = null, now }: Around,
): z.output<typeof DeploymentSchema> => ({
  id: deployment.id,
  created: toIso(deployment.createdAt),
  updated: toIso(deployment.updatedAt),
  name: deployment.name,
  version: deployment.version,
  description: deployment.description,
  flow_id: deployment.flowId,
  paused: deployment.paused,
  schedules: scheduleShapes(deployment),
  concurrency_limit: null,
  // The one field in which Prefect's clients look for the limit of a deployment.
  global_concurrency_limit:
    deployment.concurrencyLimit === null
      ? null
      : deploymentLimitShape({
          deployment,
          limit: deployment.concurrencyLimit,
          held: activeSlots ?? 0,
        }),
  concurrency_options: deployment.collisionStrategy && {
    collision_strategy: deployment.collisionStrategy,
    grace_period_seconds: deployment.graceSeconds,
  },
  job_variables: deployment.jobVariables,
  parameters: deployment.parameters,
  tags: [...deployment.tags],
  labels: overlay(JsonText.of({ 'prefect.flow.id': deployment.flowId }), deployment.labels),
  work_queue_name: place?.queueName ?? null,
  work_queue_id: place?.queueId ?? null,
  work_pool_name: place?.poolName ?? null,
  ...polling(place?.polledAt ?? servedAt ?? null, now),
  parameter_openapi_schema: deployment.parameterSchema,
  path: deployment.path,
  pull_steps: deployment.pullSteps,
  entrypoint: deployment.entrypoint,
  storage_document_id: deployment.storageDocumentId,
  infrastructure_document_id: deployment.infrastructureDocumentId,
  created_by: null,
  updated_by: null,
  enforce_parameter_schema: deployment.enforceParameterSchema,
});

const polling = (polledAt: Instant | null, now: Instant) => ({
  last_polled: polledAt === null ? null : toIso(polledAt),
  status: isPolled(polledAt, now) ? ('READY' as const) : ('NOT_READY' as const),
});
