import type { Context } from './context.ts';
import { DibsError } from './errors.ts';
import { remember } from './known-runs.ts';

/** What a key is for. */
export const ROLES = ['admin', 'deploy', 'agent', 'view'] as const;
export type Role = (typeof ROLES)[number];

/**
 * Which roles may call a route, by what the route is for:
 *
 *   anyone    whether the server is up; needs no key
 *   read      lists and records; secrets in blocks are shown to who executes, never to `view`
 *   execute   what a flow that runs does: create runs, propose states, write logs and artifacts
 *   poll      what an agent or a worker does: poll, claim, send heartbeats
 *   deploy    flows, deployments, schedules, blocks, variables; retry, cancel and delete runs
 *   operate   pools, queues, limits, workers, keys
 */
export const ACCESS = {
  anyone: ROLES,
  read: ROLES,
  execute: ['admin', 'deploy', 'agent'],
  poll: ['admin', 'agent'],
  deploy: ['admin', 'deploy'],
  operate: ['admin'],
} as const satisfies Record<string, readonly Role[]>;

export type Access = keyof typeof ACCESS;

/** Who sends a request. */
export interface Caller {
  readonly keyId: string;
  readonly role: Role;
  /** The names of the only pools it is for; null: all. */
  readonly pools: readonly string[] | null;
}

/** @throws DibsError role_forbidden */
export function assertRole({ role }: Caller, access: Access): void {
  const roles: readonly Role[] = ACCESS[access];
  if (roles.includes(role)) return;
  throw new DibsError('role_forbidden', `A key of role ${role} may not do this.`, {
    hint: `Use a key of role ${roles.join(' or ')}.`,
  });
}

/** @throws DibsError pool_forbidden */
export function assertPool({ pools }: Caller, name: string): void {
  if (pools === null || pools.includes(name)) return;
  throw new DibsError('pool_forbidden', `This key is not for work pool "${name}".`, {
    hint: `It is for ${pools.join(', ')}.`,
  });
}

/**
 * A key for some pools changes runs of those pools, and of none: subflows, and what is served. What is
 * not there is for the route itself to tell.
 * @throws DibsError pool_forbidden
 */
export async function assertRun(context: Context, caller: Caller, runId: string): Promise<void> {
  if (caller.pools === null) return;
  const run = context.known.has(runId) ? undefined : await context.store.readRun(runId);
  if (run) remember(context, run);
  const queueId = context.known.get(runId)?.queueId;
  if (queueId !== undefined) await assertQueue(context, caller, queueId);
}

/** @throws DibsError pool_forbidden */
export async function assertQueue(
  { store }: Context,
  caller: Caller,
  queueId: string,
): Promise<void> {
  if (caller.pools === null) return;
  const place = await store.readQueuePlace(queueId);
  if (place) assertPool(caller, place.poolName);
}

export const seesSecrets = ({ role }: Caller): boolean => role !== 'view';
