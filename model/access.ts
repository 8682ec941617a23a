import type { Instant } from './values/instant.ts';

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
export interface KeyHolder {
  readonly keyId: string;
  readonly role: Role;
  /** The names of the only pools it is for; null: all. */
  readonly pools: readonly string[] | null;
}

/**
 * An API key is `dibs_<id>_<secret>`. The secret is 128 random bits and is shown once, to who creates
 * the key; what is kept is its SHA-256, which no table of words helps to invert.
 */
export interface ApiKey {
  /** A UUID. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** `agent` only: the names of the pools it is for; null: all. */
  readonly pools: readonly string[] | null;
  readonly hash: string;
  readonly createdAt: Instant;
  /** null: until it is revoked. */
  readonly validUntil: Instant | null;
  readonly revokedAt: Instant | null;
  /** The day (UTC) of its last use; null: it was never used. */
  readonly lastUsedOn: string | null;
}

/** API keys: few, and read by their id. */
export interface ApiKeyStore {
  createApiKey(key: ApiKey): Promise<void>;
  readApiKey(id: string): Promise<ApiKey | undefined>;
  /** In the order of their creation, with those that are valid no longer. Default: fresh. */
  listApiKeys(how?: 'fresh' | 'cached'): Promise<ApiKey[]>;
  /** One that is revoked already stays as it is. `keeper`: only while that key is not revoked. */
  revokeApiKey(
    id: string,
    at: Instant,
    keeper: string | undefined,
  ): Promise<'revoked' | 'missing' | 'the keeper is revoked'>;
  /** It was used on that day; one that was deleted meanwhile stays away. */
  stampApiKey(id: string, day: string): Promise<void>;
}
