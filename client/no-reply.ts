import type { Route } from '../api/route.ts';
import { TooLargeError } from './bounded-text.ts';
import { isJson, parse, type Received } from './check-reply.ts';
import { ApiError, UnreachableError } from './errors.ts';

/** The request was sent, but no response arrived, or none that is read to its end. */
export function noAnswer(url: string, cause: unknown): UnreachableError {
  const message =
    cause instanceof TooLargeError
      ? `What answered at ${url} is not this API: its reply has no end. ${check(url)}`
      : `No answer from ${url}. Is a server running there? (dibs dev starts one; DIBS_API_URL sets the address.)`;
  return new UnreachableError(message, { cause });
}

function check(url: string): string {
  const hint = hintAtUrl(url, 404, {}).hint;
  return `Is there a proxy, a login page or another server in between? ${hint ?? 'Check the address (DIBS_API_URL, PREFECT_API_URL).'}`;
}

/** A response that is not one of this API: the server may never have got the request. */
export function notTheApi(
  url: string,
  { method, path }: Route,
  received: Received,
  fault: string,
): UnreachableError {
  return new UnreachableError(
    `What answered at ${url} is not this API: ${method} ${path} got ${seen(received)}, but ${fault}. ${check(url)}`,
  );
}

/**
 * The error of a response that is no success. The API's own errors are JSON and say what is wrong,
 * as do those of API Gateway and of Prefect's servers. Anything else with a 4xx, such as a page, is
 * no reply: nobody may conclude from it that a run or a session is gone.
 */
export function refusal(
  url: string,
  route: Route,
  received: Received,
): ApiError | UnreachableError {
  const { status, text } = received;
  const error = errorIn(received);
  if (error) return new ApiError(status, { ...error, ...hintAtUrl(url, status, error) });
  if (status < 200 || isRedirect(status)) {
    return notTheApi(url, route, received, 'redirects are not followed');
  }
  const hint = hintAtUrl(url, status, {});
  if (status === 429 || status >= 500 || hint.hint) {
    return new ApiError(status, { ...(text ? { detail: text.slice(0, 200) } : {}), ...hint });
  }
  return notTheApi(url, route, received, 'an error of this API is JSON with a code');
}

const isRedirect = (status: number): boolean => status >= 300 && status < 400;

/** The body of an error as the API, API Gateway or a Prefect server writes it. */
function errorIn({ status, type, text }: Received): Record<string, unknown> | undefined {
  if (status < 400 || !isJson(type)) return undefined;
  const body = parse(text)?.value;
  if (body === null || typeof body !== 'object' || Array.isArray(body)) return undefined;
  const error = body as Record<string, unknown>;
  const { code, message, detail, exception_message: exception } = error;
  // Prefect's 422 has a list as its detail.
  const says = [code, message, detail, exception].some((one) => one && typeof one !== 'boolean');
  return says ? error : undefined;
}

/** If nothing at all is found, the URL is more likely to be wrong than the route. */
function hintAtUrl(
  url: string,
  status: number,
  { code }: Record<string, unknown>,
): { readonly hint?: string } {
  const nothing = status === 404 || status === 405;
  if (!nothing || (code !== undefined && code !== 'route_not_found')) return {};
  // Prefect Cloud's URLs continue after /api.
  if (/\/api(\/|$)/.test(url)) return {};
  return { hint: `The address of an API ends in /api: try ${url.replace(/\/$/, '')}/api.` };
}

const SHOWN = 80;

/** `200 text/html "<html>…"`. What may be JSON of this API is not shown: it may hold secrets. */
function seen({ status, type, location, text }: Received): string {
  const to = isRedirect(status) && location ? ` to ${JSON.stringify(placeOf(location))}` : '';
  const mayBeOurs = isJson(type) || /^\s*[[{"]/.test(text);
  const start = mayBeOurs ? '' : text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  const cut = start.length > SHOWN ? `${start.slice(0, SHOWN)}…` : start;
  return `${status}${to}${type ? ` ${type}` : ''}${cut ? ` ${JSON.stringify(cut)}` : ''}`;
}

/** Without its query, in which a proxy may repeat what it was asked. */
const placeOf = (location: string): string => location.replace(/[?#].*$/s, '').slice(0, 200);
