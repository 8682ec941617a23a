import type { Instant } from './values/instant.ts';

/** The role of an API key: what its holder may do. */
export const ROLES = ['admin', 'deploy', 'agent', 'view'] as const;
export type Role = (typeof ROLES)[number];

/**
 * Which roles may call a route, by the purpose of the route:
 *
 *   anyone    ask whether the server is up; needs no key
 *   read      read lists and records; secrets in blocks are shown to roles that may `execute`,
 *             never to `view`
 *   execute   what a running flow does: create runs, propose states, write logs and artifacts
 *   poll      what an agent or a worker does: poll, claim, send heartbeats
 *   deploy    change flows, deployments, schedules, blocks, variables; retry, cancel, delete runs
 *   operate   change pools, queues, limits, workers, keys
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

/** The key that a request was sent with. */
export interface KeyHolder {
  readonly keyId: string;
  readonly role: Role;
  /** The names of the only pools that the key is for; null: all pools. */
  readonly pools: readonly string[] | null;
}

/**
 * An API key is `dibs_<id>_<secret>`. The secret is 128 random bits and is shown once, to the
 * caller who creates the key. The server keeps only its SHA-256, which no dictionary helps to
 * invert.
 */
export interface ApiKey {
  /** A UUID. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Only for the role `agent`: the names of the pools that the key is for; null: all pools. */
  readonly pools: readonly string[] | null;
  readonly hash: string;
  readonly createdAt: Instant;
  /** null: valid until it is revoked. */
  readonly validUntil: Instant | null;
  readonly revokedAt: Instant | null;
  /** The day (UTC) on which the key was last used; null: never used. */
  readonly lastUsedOn: string | null;
}

/** API keys. There are few, and a request reads its key by id. */
export interface ApiKeyStore {
  createApiKey(key: ApiKey): Promise<void>;
  readApiKey(id: string): Promise<ApiKey | undefined>;
  /** In the order of creation, including keys that are no longer valid. Default: fresh. */
  listApiKeys(how?: 'fresh' | 'cached'): Promise<ApiKey[]>;
  /**
   * A key that is already revoked stays as it is. `keeper`: the id of another key; the key is
   * revoked only if that one is not revoked.
   */
  revokeApiKey(
    id: string,
    at: Instant,
    keeper: string | undefined,
  ): Promise<'revoked' | 'missing' | 'the keeper is revoked'>;
  /**
   * Notes that the key was used on that day; a key deleted in the meantime is not created again.
   */
  stampApiKey(id: string, day: string): Promise<void>;
}
