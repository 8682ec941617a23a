/**
 * One request, and the parts of its response that are compared with the response of Prefect's
 * server.
 */
export interface Case {
  /** Unique in its scenario. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT';
  /**
   * The path below /api, percent-encoded. `{tag}` is a variable here, in bodies and in headers
   * (variables.ts).
   */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** A text that is sent as it is, instead of `body`. */
  readonly raw?: string;
  /** Variables to save, each with its place in the response, such as `0.flow_run.id`. */
  readonly save?: Readonly<Record<string, string>>;
  /** Only this part of a successful response is compared. */
  readonly view?: (body: never) => unknown;
  /** The response is a list whose order does not matter. */
  readonly unordered?: true;
  /**
   * Prefect does this in the background, so its response is recorded after a pause. The request to
   * dibs is repeated for up to 5 s.
   */
  readonly eventually?: true;
  /** A text that clients look for in the body of an error, so the body must contain it. */
  readonly says?: string;
  /** Prepares other cases. Only its status is compared, and it does not count as a case. */
  readonly prepare?: true;
}

/**
 * Cases, in order. They share variables, and a tag that is part of the name of everything they
 * create.
 */
export interface Scenario {
  readonly area: string;
  readonly name: string;
  readonly cases: readonly Case[];
}

type More = Partial<Omit<Case, 'name' | 'method' | 'path' | 'body'>>;

const without =
  (method: Case['method']) =>
  (name: string, path: string, more: More = {}) => ({
    name,
    method,
    path,
    ...more,
  });
const withBody =
  (method: Case['method']) =>
  (name: string, path: string, body?: unknown, more: More = {}) => ({
    name,
    method,
    path,
    ...(body === undefined ? {} : { body }),
    ...more,
  });

export const get: (name: string, path: string, more?: More) => Case = without('GET');
export const del: (name: string, path: string, more?: More) => Case = without('DELETE');
type WithBody = (name: string, path: string, body?: unknown, more?: More) => Case;
export const post: WithBody = withBody('POST');
export const patch: WithBody = withBody('PATCH');

export const prepare = (...cases: Case[]): Case[] =>
  cases.map((one) => ({ ...one, prepare: true }));

/** Functions for `view`. */
export const names = (body: readonly { name: string }[]): string[] => body.map(({ name }) => name);
export const fields =
  (...keys: readonly string[]) =>
  (body: Readonly<Record<string, unknown>>): unknown =>
    Object.fromEntries(keys.filter((key) => key in body).map((key) => [key, body[key]]));
export const eachOf =
  (...keys: readonly string[]) =>
  (body: readonly Readonly<Record<string, unknown>>[]): unknown =>
    body.map(fields(...keys));
