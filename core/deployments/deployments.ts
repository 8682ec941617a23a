import { type Deployment, flowId } from '../../model/deployments.ts';
import { DibsError, deploymentNotFound } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import type { ScheduleWish } from '../schedules/schedule-wishes.ts';
import { bytesOf } from '../sizes.ts';

/**
 * The fields of a deployment that a caller sends. Absent fields stay unchanged or get their
 * defaults.
 */
export type DeploymentWish = Partial<
  Omit<
    Deployment,
    'id' | 'flowId' | 'name' | 'queueId' | 'schedules' | 'generation' | 'createdAt' | 'updatedAt'
  >
> & {
  /** null: the deployment is in no pool. */
  readonly poolName?: string | null;
  /** null: the pool's default queue. */
  readonly queueName?: string | null;
  /** See core/schedules/schedule-wishes.ts. */
  readonly schedules?: readonly ScheduleWish[];
};

/** @throws DibsError deployment_not_found */
export async function readDeployment({ store }: Context, id: string): Promise<Deployment> {
  const [deployment] = await store.readDeployments([id]);
  if (!deployment) throw deploymentNotFound();
  return deployment;
}

/** @throws DibsError deployment_not_found */
export async function readDeploymentByName(
  context: Context,
  flowName: string,
  name: string,
): Promise<Deployment> {
  const id = await context.store.readDeploymentId(flowId(flowName), name);
  if (id === undefined) throw deploymentNotFound();
  return readDeployment(context, id);
}

/**
 * A deployment with the given fields changed, except its pool and queue: see place-deployment.ts.
 */
export function withWish(deployment: Deployment, wish: DeploymentWish): Deployment {
  const { poolName: _, queueName: __, schedules: ___, ...fields } = wish;
  const wished = { ...deployment, ...fields };
  const bytes = bytesOf(wished);
  if (bytes <= NUMBERS.recordBytes) return wished;
  throw new DibsError(
    'payload_too_large',
    `A deployment may have at most ${NUMBERS.recordBytes} bytes in total; this one has ${bytes}.`,
    { hint: 'Give large parameters to the runs, or keep them in a store of your own.' },
  );
}
