import { type Deployment, flowId } from '../../model/deployments.ts';
import { DibsError, deploymentNotFound } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import type { ScheduleWish } from '../schedules/schedule-wishes.ts';
import { bytesOf } from '../sizes.ts';

/** What a caller says of a deployment. What is absent stays as it is, or has its default. */
export type DeploymentWish = Partial<
  Omit<
    Deployment,
    'id' | 'flowId' | 'name' | 'queueId' | 'schedules' | 'generation' | 'createdAt' | 'updatedAt'
  >
> & {
  /** null: in no pool. */
  readonly poolName?: string | null;
  /** null: the pool's default queue. */
  readonly queueName?: string | null;
  /** See schedule-wishes.ts. */
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

/** A deployment with the fields that a wish gives. Where it is comes from place-deployment.ts. */
export function withWish(deployment: Deployment, wish: DeploymentWish): Deployment {
  const { poolName: _, queueName: __, schedules: ___, ...fields } = wish;
  const wished = { ...deployment, ...fields };
  const bytes = bytesOf(wished);
  if (bytes <= NUMBERS.recordBytes) return wished;
  throw new DibsError(
    'payload_too_large',
    `A deployment may have ${NUMBERS.recordBytes} bytes in all; this has ${bytes}.`,
    { hint: 'Keep large parameters with the runs, or in a store of your own.' },
  );
}
