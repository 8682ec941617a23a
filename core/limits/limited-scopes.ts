import { type Scope, scopesOf } from '../../model/limits.ts';
import type { Run } from '../../model/runs/run.ts';
import type { Context } from '../context.ts';

/** The scopes whose limits apply to a run, read consistently. */
export async function limitedScopes(
  { store }: Context,
  run: Pick<Run, 'queueId' | 'deploymentId'>,
  poolId: string | undefined,
): Promise<Scope[]> {
  const scopes = scopesOf({ ...run, poolId });
  if (scopes.length === 0) return [];
  const limits = await store.readLimits(scopes);
  return limits.filter(({ limit }) => limit !== null).map(({ scope }) => scope);
}
