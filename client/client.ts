import type * as z from 'zod';
import type { BodyIn, PathParameters, QueryIn, ReplyBody, Route } from '../api/route.ts';
import { ROUTES, type RouteName } from '../api/routes.ts';
import { boundedText } from './bounded-text.ts';
import { checkReply, type Received } from './check-reply.ts';
import { noAnswer, notTheApi, refusal } from './no-reply.ts';
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
  /**
   * For another server that speaks Prefect's API, whose replies the caller checks: any JSON counts
   * as a reply. Default: a reply must fit the route's schema.
   */
  readonly anyShape?: boolean;
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
 * It sends each request once: only the caller knows whether it may be retried. A response counts
 * only if it is one that this API gives: see check-reply.ts. Redirects are not followed.
 * @throws ApiError if the server answers with an error
 * @throws UnreachableError if there is no response, or one that is not this API's
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
  const received = await exchange(options, route, url, request);
  const { status } = received;
  if (status < 200 || status > 299) throw refusal(options.url, route, received);
  const checked = checkReply(route, received, options);
  if ('body' in checked) return checked.body;
  throw notTheApi(options.url, route, received, checked.fault);
}

/** Sends the request, and reads the response to its end within the time-out. */
async function exchange(
  options: ClientOptions,
  route: Route,
  url: string,
  request: Loose,
): Promise<Received> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? 30_000);
  try {
    const response = await fetch(url, {
      method: route.method,
      headers: { 'content-type': 'application/json', ...options.headers, ...request.headers },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      signal: request.signal ? AbortSignal.any([timeout, request.signal]) : timeout,
      // Another server must not get the key, the claim token or the body.
      redirect: 'manual',
    });
    const { status, headers } = response;
    const [type = ''] = (headers.get('content-type') ?? '').split(';');
    const location = headers.get('location') ?? undefined;
    const text = await boundedText(response);
    return { status, type: type.trim().toLowerCase(), location, text };
  } catch (cause) {
    throw noAnswer(options.url, cause);
  }
}
