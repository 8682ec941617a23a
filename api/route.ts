import type * as z from 'zod';
import type { Access } from '../model/access.ts';

/** One route of the API. All code that handles routes takes them from the table in routes.ts. */
export type Route = RouteOf & Subject;

/**
 * The record that a route is about, with the path that must name it. An API key may be for some work
 * pools only: such a key reads everything and changes records of its own pools, and this is how the
 * server knows whose record a request would change (lambdas/http/pool-bounds.ts).
 */
type Subject =
  | { readonly about: 'pool'; readonly path: `/api/work_pools/{name}${string}` }
  | { readonly about: 'queue'; readonly path: `/api/work_queues/{id}${string}` }
  | { readonly about: 'run'; readonly path: `/api/flow_runs/{id}${string}` }
  | { readonly about: 'task run'; readonly path: `/api/task_runs/{id}${string}` }
  | { readonly about: 'artifact'; readonly path: `/api/artifacts/{id}${string}` }
  | { readonly about: 'deployment'; readonly path: `/api/deployments/{id}${string}` }
  | {
      /**
       * - `its body`   the body, or a path of its own kind, names the records:
       *                lambdas/http/pool-bounds.ts must check the route
       * - `any pool`   records of any pool: a key for some pools may only read them
       * - `no pool`    flows, blocks, variables, named limits, the server: they belong to no pool
       */
      readonly about: 'its body' | 'any pool' | 'no pool';
      readonly path: `/api/${string}`;
    };

export type About = Subject['about'];

interface RouteOf {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /**
   * With `{parameters}`. Prefect's create routes end in a slash; paths match with or without it.
   */
  readonly path: `/api/${string}`;
  /** The Lambda that serves it. */
  readonly owner: 'worker' | 'control';
  /** Which API keys may call it: core/access/access.ts. */
  readonly access: Access;
  readonly summary: string;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** The body of each good status; null: no body. */
  readonly replies: Readonly<Record<number, z.ZodType | null>>;
}

type Named<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Named<Rest>
  : never;

/** The names in the paths of routes: `'/api/work_pools/{name}/claim'` -> `'name'`. */
export type PathName<R extends Route> = Named<R['path']>;

export type PathParameters<R extends Route> = { readonly [Name in PathName<R>]: string };

export type BodyIn<R extends Route> = R extends { body: infer B extends z.ZodType }
  ? z.input<B>
  : undefined;
export type BodyOut<R extends Route> = R extends { body: infer B extends z.ZodType }
  ? z.output<B>
  : undefined;
export type QueryIn<R extends Route> = R extends { query: infer Q extends z.ZodType }
  ? z.input<Q>
  : undefined;
export type QueryOut<R extends Route> = R extends { query: infer Q extends z.ZodType }
  ? z.output<Q>
  : undefined;

type Shape<S, Side extends 'in' | 'out'> = S extends z.ZodType
  ? Side extends 'in'
    ? z.input<S>
    : z.output<S>
  : undefined;

/** The body that a client receives (plain JSON). */
export type ReplyBody<R extends Route> = {
  [S in keyof R['replies']]: Shape<R['replies'][S], 'in'>;
}[keyof R['replies']];

/** What a handler returns: a status of the route, and its body (verbatim fields as JsonText). */
export type Reply<R extends Route> = {
  [S in keyof R['replies']]: { readonly status: S; readonly body: Shape<R['replies'][S], 'out'> };
}[keyof R['replies']];
