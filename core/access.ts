import { DibsError } from './errors.ts';

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
  if (pools !== null && !pools.includes(name)) throw poolForbidden(name, pools);
}

export const poolForbidden = (name: string, pools: readonly string[]): DibsError =>
  new DibsError('pool_forbidden', `This key is not for work pool "${name}".`, {
    hint: `It is for ${pools.join(', ')}.`,
  });

export const seesSecrets = ({ role }: Caller): boolean => role !== 'view';
