import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { HINT, STATUS } from '../../api/errors.ts';
import { splitPath } from '../../api/route-match.ts';
import type { Context } from '../../core/context.ts';
import { DibsError, type ErrorCode } from '../../model/values/errors.ts';
import { matchRoute } from './default-route.ts';
import { jsonResponse } from './response.ts';

export interface Problem {
  readonly loc: readonly string[];
  readonly msg: string;
  readonly type: string;
}

/** A request that does not match the route's schemas. */
export class InvalidRequest extends Error {
  readonly problems: readonly Problem[];
  readonly body: unknown;
  /** How many faults there are, of which `problems` are the first. */
  readonly count: number;

  constructor(problems: readonly Problem[], { body, count }: { body: unknown; count: number }) {
    super('Invalid request received.');
    this.problems = problems;
    this.body = body;
    this.count = count;
  }
}

/**
 * Turns every error into a response that Prefect's clients understand (always a JSON object), with
 * a stable `code` and a `hint`. An unexpected error is a 500 and a line in the log, without the
 * request's content.
 */
export function answerErrors(
  context: Context,
): MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> {
  return {
    onError: (request) => {
      request.response = toResponse(context, request.error, request.event);
    },
  };
}

function toResponse(context: Context, error: unknown, event: APIGatewayProxyEventV2) {
  if (error instanceof InvalidRequest) return invalidRequest(error);
  if (error instanceof DibsError) {
    if (error.code === 'unavailable') tellUnavailable(context, error, event);
    const body = {
      detail: error.message,
      code: error.code,
      hint: error.hint ?? HINT[error.code] ?? null,
      ...error.facts,
    };
    return jsonResponse(STATUS[error.code], body, headersFor(error));
  }
  const { requestId } = event.requestContext;
  context.count('server_errors', 1);
  const facts = { request_id: requestId, route: event.routeKey };
  context.log({ level: 'error', message: 'request failed', facts, error });
  const internal: ErrorCode = 'internal';
  return jsonResponse(STATUS[internal], {
    exception_message: 'Internal Server Error',
    code: internal,
    hint: HINT[internal],
    request_id: requestId,
  });
}

/** Logs only the name of the database's error: its text may contain keys of the table. */
function tellUnavailable(context: Context, error: DibsError, event: APIGatewayProxyEventV2): void {
  context.count('unavailable', 1);
  const cause = (error.cause as Error | undefined)?.name;
  const facts = { request_id: event.requestContext.requestId, route: event.routeKey, cause };
  context.log({ level: 'warn', message: error.message, facts });
}

/**
 * The wait that the error names; otherwise 1 s for a 503, which may pass at once. For a method that
 * a path does not have: those that it has.
 */
function headersFor({ code, facts }: DibsError): Record<string, string> {
  if (typeof facts['allow'] === 'string') return { allow: facts['allow'] };
  if (typeof facts['retry_after'] === 'number') {
    return { 'retry-after': String(facts['retry_after']) };
  }
  return STATUS[code] === 503 ? { 'retry-after': '1' } : {};
}

function invalidRequest({ problems, body, count }: InvalidRequest) {
  const code: ErrorCode = 'invalid_request';
  const [first] = problems;
  return jsonResponse(STATUS[code], {
    // Prefect uses this text for limits, too, and its clients look for it here.
    exception_message: 'Invalid request received.',
    exception_detail: problems,
    request_body: withoutToken(body),
    code,
    hint: first ? `${first.loc.join('.')}: ${first.msg}${andMore(count - 1)}` : null,
    fault_count: count,
  });
}

const andMore = (others: number): string =>
  others === 0 ? '' : ` (and ${others} more ${others === 1 ? 'fault' : 'faults'})`;

/** The caller's own body, for debugging. A claim token in it, at any depth, is hidden. */
function withoutToken(body: unknown): unknown {
  if (body === undefined) return null;
  const hidden = (key: string, value: unknown) => (key === 'claim_token' ? '(not shown)' : value);
  return JSON.parse(JSON.stringify(body, hidden));
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** 405 if the path exists with another method, otherwise 404. */
export function unknownRoute(event: APIGatewayProxyEventV2): DibsError {
  const { method, path } = event.requestContext.http;
  const methods = METHODS.filter((other) => matchRoute(other, splitPath(path)));
  if (methods.length === 0) {
    return new DibsError('route_not_found', `Not Found: there is no ${method} ${path}.`);
  }
  return new DibsError('method_not_allowed', `Method Not Allowed: ${method} ${path}.`, {
    hint: `This path accepts ${methods.join(' and ')}.`,
    facts: { allow: methods.join(', ') },
  });
}
