import type { Deployment } from '../../model/deployments.ts';
import { DibsError } from '../../model/values/errors.ts';
import type { Context } from '../context.ts';
import { heldSlots } from '../limits/list-slots.ts';
import { type ChangedDeployment, changeDeployment } from './change-deployment.ts';

const PREFIX = 'deployment:';

/** The name under which clients are told of the limit of a deployment: Prefect's. */
export const limitNameOf = ({ id }: Pick<Deployment, 'id'>): string => PREFIX + id;

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** The deployment whose limit may have this name or this id, which is the id of the deployment. */
export function deploymentIdOf(limit: string): string | undefined {
  const id = (limit.startsWith(PREFIX) ? limit.slice(PREFIX.length) : limit).toLowerCase();
  return UUID.test(id) ? id : undefined;
}

export interface DeploymentLimit {
  readonly deployment: Deployment;
  readonly limit: number;
  readonly held: number;
}

/** `undefined`: there is no such deployment, or it has no limit. */
export async function readDeploymentLimit(
  context: Context,
  deploymentId: string,
): Promise<DeploymentLimit | undefined> {
  const [deployment] = await context.store.readDeployments([deploymentId]);
  return deployment && withHeld(context, deployment);
}

/** The limits of all deployments that have one. */
export async function listDeploymentLimits(context: Context): Promise<DeploymentLimit[]> {
  const deployments = await context.store.listDeployments();
  const limits = await Promise.all(deployments.map((one) => withHeld(context, one)));
  return limits.flatMap((one) => one ?? []);
}

async function withHeld(
  context: Context,
  deployment: Deployment,
): Promise<DeploymentLimit | undefined> {
  const { id, concurrencyLimit: limit } = deployment;
  if (limit === null) return undefined;
  return {
    deployment,
    limit,
    held: (await heldSlots(context, { kind: 'deployment', id }, limit)) ?? 0,
  };
}

/** What a request about limits by name wants to change of one. */
export interface LimitWish {
  readonly name?: string;
  readonly limit?: number;
  readonly active?: boolean;
  readonly activeSlots?: number;
  readonly slotDecayPerSecond?: number;
}

/**
 * Changes the limit of a deployment; null removes it.
 * @throws DibsError invalid_request, deployment_not_found, too_busy
 */
export async function changeDeploymentLimit(
  context: Context,
  { deployment, held }: DeploymentLimit,
  wish: LimitWish | null,
): Promise<ChangedDeployment> {
  if (wish) assertChangeable(deployment, held, wish);
  const concurrencyLimit = wish === null ? null : wish.limit;
  return changeDeployment(context, deployment.id, (current) =>
    concurrencyLimit === undefined ? current : { ...current, concurrencyLimit },
  );
}

/** @throws DibsError invalid_request */
function assertChangeable(deployment: Deployment, held: number, wish: LimitWish): void {
  const { name, active = true, activeSlots = held, slotDecayPerSecond: decay = 0 } = wish;
  if (name !== undefined && name !== limitNameOf(deployment)) {
    throw refused(
      'The name of the limit of a deployment cannot be changed',
      'It follows from the deployment.',
    );
  }
  if (!active || decay !== 0) {
    const what = active ? 'have a slot decay' : 'be inactive';
    throw refused(`The limit of a deployment cannot ${what}`, 'To remove the limit, delete it.');
  }
  if (activeSlots !== held) {
    throw refused(
      `The slots of the limit of a deployment cannot be set by hand: runs hold ${held} of them`,
      `GET /api/deployments/${deployment.id}/slots lists the runs. A slot is free once its run ends; dibs run release gives a run back.`,
    );
  }
}

const refused = (message: string, hint: string) =>
  new DibsError('invalid_request', message, { hint });
