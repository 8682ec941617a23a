import type * as z from 'zod';
import type { BodyIn, PathParameters, QueryIn, ReplyBody, Route } from '../api/route.ts';
import { ROUTES, type RouteName } from '../api/routes.ts';
import { ApiError, UnreachableError } from './errors.ts';
import { parseExactly } from './exact-json.ts';
import { fillPath } from './path.ts';

export interface ClientOptions {
  /** The same as `PREFECT_API_URL`: `http://127.0.0.1:4200/api`. */
  readonly url: string;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The time-out of one request, in milliseconds. Default: 30,000. */
  readonly timeoutMs?: number;
  /** Keep numbers as they were written (exact-json.ts), for callers that pass responses on. */
  readonly exactNumbers?: boolean;
}

type Request<R extends Route> = PathParameters<R> &
  (R extends { body: z.ZodType } ? { readonly body: BodyIn<R> } : unknown) &
  (R extends { query: z.ZodType } ? { readonly query: QueryIn<R> } : unknown) & {
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  };

/** One method for each route of the table, with the route's name. */
export type Client = {
  readonly [Name in RouteName]: (
    request: Request<(typeof ROUTES)[Name]>,
  ) => Promise<ReplyBody<(typeof ROUTES)[Name]>>;
};

/**
 * A typed client of the API: `client.claim({ name: 'my-pool', body: {...} })`.
 *
 * It sends each request once: only the caller knows whether it may be retried.
 * @throws ApiError if the server answers with an error
 * @throws UnreachableError if there is no response
 * @throws UnfitNameError if a name cannot be part of a URL
 */
export function createClient(options: ClientOptions): Client {
  const entries = Object.entries(ROUTES).map(([name, route]) => [
    name,
    (request: Loose) => send(options, route, request),
  ]);
  return Object.fromEntries(entries) as Client;
}

interface Loose {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly [parameter: string]: unknown;
}

async function send(options: ClientOptions, route: Route, request: Loose): Promise<unknown> {
  const path = fillPath(route.path.slice('/api'.length), request);
  const query = request.query ? `?${new URLSearchParams(request.query)}` : '';
  const url = options.url.replace(/\/$/, '') + path + query;
  const timeout = AbortSignal.timeout(options.timeoutMs ?? 30_000);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method: route.method,
      headers: { 'content-type': 'application/json', ...options.headers, ...request.headers },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      signal: request.signal ? AbortSignal.any([timeout, request.signal]) : timeout,
    });
    text = await response.text();
  } catch (cause) {
    throw new UnreachableError(
      `No answer from ${options.url}. Is a server running there? (dibs dev starts one; DIBS_API_URL sets the address.)`,
      { cause },
    );
  }
  const isText = response.headers.get('content-type')?.startsWith('text/') ?? false;
  if (response.ok && isText) return text;
  const exact = response.ok && options.exactNumbers;
  const body = text === '' ? undefined : parse(text, exact ? parseExactly : JSON.parse);
  if (response.ok) return body;
  const refusal = (body ?? {}) as Record<string, unknown>;
  throw new ApiError(response.status, { ...refusal, ...hintAtUrl(options.url, response, refusal) });
}

/** If nothing at all is found, the URL is more likely to be wrong than the route. */
function hintAtUrl(url: string, { status }: Response, { code }: Record<string, unknown>) {
  if (status !== 404 || (code !== undefined && code !== 'route_not_found')) return {};
  // Prefect Cloud's URLs continue after /api.
  if (/\/api(\/|$)/.test(url)) return {};
  return { hint: `The address of an API ends in /api: try ${url.replace(/\/$/, '')}/api.` };
}

function parse(text: string, read: (text: string) => unknown): unknown {
  try {
    return read(text);
  } catch {
    return { detail: text.slice(0, 200) };
  }
}
