import * as z from 'zod';
import { anyName, limit, timestamp, uuid } from '../fields/fields.ts';
import { FlowRun } from '../runs/schemas.ts';

/** The body of a Prefect worker's poll. */
export const PollRequest = z
  .object({
    work_queue_names: z.array(anyName).nullish(),
    scheduled_before: timestamp.nullish(),
    scheduled_after: timestamp.nullish(),
    limit,
  })
  .meta({ id: 'PollRequest' });

export const PolledRun = z
  .object({ work_pool_id: z.string(), work_queue_id: z.string(), flow_run: FlowRun })
  .meta({ id: 'PolledRun' });

/** The body of a poll by a process that serves deployments. */
export const ServePollRequest = z
  .object({ deployment_ids: z.array(uuid).max(200), scheduled_before: timestamp.nullish(), limit })
  .meta({ id: 'ServePollRequest' });

/** The body of a poll by Prefect's oldest agents, which poll each queue by itself. */
export const QueuePollRequest = z
  .object({ scheduled_before: timestamp.nullish(), agent_id: uuid.nullish(), limit })
  .meta({ id: 'QueuePollRequest' });
