import type { Deployment } from '../../model/deployments.ts';
import { type Instant, toIso } from '../../model/values/instant.ts';
import { idOfKey } from '../runs/compose-run.ts';

type Of = Pick<Deployment, 'id' | 'flowId' | 'generation'>;

/**
 * The idempotency key of a schedule's run: whoever makes the run of this time, and however often, it
 * is one run. After a change of the deployment it is another one, for the former was taken back.
 */
export const scheduledKey = ({ id, generation }: Of, scheduleId: string, time: Instant): string =>
  `scheduled ${id} ${scheduleId} ${generation} ${toIso(time)}`;

export const scheduledRunId = (deployment: Of, scheduleId: string, time: Instant): string =>
  idOfKey(deployment.flowId, scheduledKey(deployment, scheduleId, time));
