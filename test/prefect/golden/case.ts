/** One request, and what of its answer is compared with what Prefect's server answered. */
export interface Case {
  /** Unique in its scenario. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT';
  /** Below /api, percent-encoded. Here and in bodies and headers, `{tag}` is a variable (variables.ts). */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Instead of `body`: a text that is sent as it is. */
  readonly raw?: string;
  /** Variable -> where in the answer it stands, such as `0.flow_run.id`. */
  readonly save?: Readonly<Record<string, string>>;
  /** Compare only this part of a good answer. */
  readonly view?: (body: never) => unknown;
  /** A list without an order. */
  readonly unordered?: true;
  /** Prefect does it in the background: recorded after a pause; ours may be asked again for 5 s. */
  readonly eventually?: true;
  /** Clients look for this text in the body of the error: it must be there. */
  readonly says?: string;
  /** Merely sets the stage: only its status is compared, and it does not count as a case. */
  readonly prepare?: true;
}

/** Cases in order; they share variables, and a tag that is in the name of all they create. */
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

/** Views. */
export const names = (body: readonly { name: string }[]): string[] => body.map(({ name }) => name);
export const fields =
  (...keys: readonly string[]) =>
  (body: Readonly<Record<string, unknown>>): unknown =>
    Object.fromEntries(keys.filter((key) => key in body).map((key) => [key, body[key]]));
export const eachOf =
  (...keys: readonly string[]) =>
  (body: readonly Readonly<Record<string, unknown>>[]): unknown =>
    body.map(fields(...keys));
