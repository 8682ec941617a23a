/** What the cases may speak of: a pool with a deployment in it, and a session that is open there. */
export interface World {
  readonly pool: string;
  readonly flowId: string;
  readonly deploymentId: string;
  readonly sessionId: string;
}

/** A request that must be refused, and change nothing. test/server/bad-input.test.ts sends them all. */
export interface BadInput {
  readonly what: string;
  /** Default: POST. */
  readonly method?: string;
  readonly path: string | ((world: World) => string);
  /** Sent as it is. */
  readonly body?: string | ((world: World) => string);
  /** Default: 422. */
  readonly status?: number;
  /** Default: invalid_request. */
  readonly code?: string;
}

/** An id that nothing has. */
export const NO_ID = '00000000-0000-4000-8000-000000000001';
