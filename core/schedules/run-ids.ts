import type { Deployment } from '../../model/deployments.ts';
import { type Instant, toIso } from '../../model/values/instant.ts';
import { idOfKey } from '../runs/compose-run.ts';

type Of = Pick<Deployment, 'id' | 'flowId' | 'generation'>;

/**
 * The idempotency key of a scheduled run: however many processes create the run of this time, and
 * however often, there is only one run. After a change of the deployment the key is another one,
 * because the former run was deleted.
 */
export const scheduledKey = ({ id, generation }: Of, scheduleId: string, time: Instant): string =>
  `scheduled ${id} ${scheduleId} ${generation} ${toIso(time)}`;

export const scheduledRunId = (deployment: Of, scheduleId: string, time: Instant): string =>
  idOfKey(deployment.flowId, scheduledKey(deployment, scheduleId, time));
