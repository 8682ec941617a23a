import type * as z from 'zod';
import type { DeploymentUpdate } from '../../api/deployments/schemas.ts';
import type { DeploymentWish } from '../../core/deployments/deployments.ts';
import { assertNoGlobalLimit } from '../../core/deployments/not-there-yet.ts';
import type { Instant } from '../../model/values/instant.ts';
import { EMPTY_OBJECT } from '../../model/values/json-text.ts';
import { scheduleWish } from '../schedules/schedule-wish.ts';

/**
 * The fields that a body sets. null removes what a deployment need not have, and is ignored for
 * what it always has.
 */
export function deploymentWish(
  body: z.output<typeof DeploymentUpdate>,
  now: Instant,
): DeploymentWish {
  const { parameters, tags, parameter_openapi_schema: schema, concurrency_options: options } = body;
  const jobVariables = body.job_variables ?? body.infra_overrides;
  const enforce = body.enforce_parameter_schema;
  assertNoGlobalLimit(body.global_concurrency_limit_id);
  return {
    ...given({
      version: body.version,
      description: body.description,
      path: body.path,
      entrypoint: body.entrypoint,
      pullSteps: body.pull_steps,
      storageDocumentId: body.storage_document_id,
      infrastructureDocumentId: body.infrastructure_document_id,
      concurrencyLimit: body.concurrency_limit,
      poolName: body.work_pool_name,
      queueName: body.work_queue_name,
    }),
    ...pausedOf(body),
    ...schedulesOf(body, now),
    ...(enforce == null ? {} : { enforceParameterSchema: enforce }),
    ...(parameters ? { parameters } : {}),
    ...(tags ? { tags } : {}),
    ...(jobVariables ? { jobVariables } : {}),
    ...(schema === undefined ? {} : { parameterSchema: schema ?? EMPTY_OBJECT }),
    ...(options === undefined
      ? {}
      : {
          collisionStrategy: options?.collision_strategy ?? null,
          graceSeconds: options?.grace_period_seconds ?? null,
        }),
  };
}

/** Prefect 2 may send a single schedule instead of a list. */
function schedulesOf({ schedules, schedule }: z.output<typeof DeploymentUpdate>, now: Instant) {
  const given = schedules ?? (schedule ? [{ schedule }] : undefined);
  return given ? { schedules: given.map((one) => scheduleWish(one, now)) } : {};
}

/** Prefect 2 sends the opposite: `is_schedule_active`. */
function pausedOf({ paused, is_schedule_active: active }: z.output<typeof DeploymentUpdate>) {
  if (paused != null) return { paused };
  return active == null ? {} : { paused: !active };
}

type Given<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

const given = <Fields extends object>(fields: Fields): Given<Fields> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Given<Fields>;
