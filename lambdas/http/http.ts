import middy from '@middy/core';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context as LambdaContext,
} from 'aws-lambda';
import type { Reply, Route } from '../../api/route.ts';
import { ROUTES, type RouteName } from '../../api/routes.ts';
import { assertRole } from '../../core/access/access.ts';
import type { Context } from '../../core/context.ts';
import { DibsError } from '../../model/values/errors.ts';
import { assertApiVersion } from './api-version.ts';
import { callerOf } from './caller.ts';
import { compressed } from './compress.ts';
import { routed } from './default-route.ts';
import { restrictToPools } from './pool-bounds.ts';
import { answerErrors, unknownRoute } from './problems.ts';
import { type Call, readRequest } from './request.ts';
import { jsonResponse } from './response.ts';

export type HttpHandler = (
  event: APIGatewayProxyEventV2,
  context: LambdaContext,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** One route's handler: parse the request, call core, shape the response. */
type Handle<Name extends RouteName> = (
  context: Context,
  call: Call<(typeof ROUTES)[Name]>,
) => Promise<Reply<(typeof ROUTES)[Name]>>;

export type Handles<Name extends RouteName> = { readonly [N in Name]: Handle<N> };

/** The routes that one Lambda serves. A route without a handler is a compile error. */
export type OwnedBy<Owner extends Route['owner']> = {
  [Name in RouteName]: (typeof ROUTES)[Name]['owner'] extends Owner ? Name : never;
}[RouteName];

type AnyHandle = (context: Context, call: Call) => Promise<{ status: number; body: unknown }>;

/**
 * The handler of one Lambda. API Gateway has already found the route: `event.routeKey` names it.
 */
export function httpHandler<Name extends RouteName>(
  context: Context,
  handles: Handles<Name>,
): HttpHandler {
  const served = new Map<string, { name: Name; route: Route; handle: AnyHandle }>();
  for (const name of Object.keys(handles) as Name[]) {
    const route: Route = ROUTES[name];
    const handle = handles[name] as unknown as AnyHandle;
    served.set(withoutSlash(`${route.method} ${route.path}`), { name, route, handle });
  }

  const serve = async (asSent: APIGatewayProxyEventV2) => {
    const event = routed(asSent);
    const found = served.get(withoutSlash(event.routeKey));
    if (!found) throw unknownRoute(event);
    assertApiVersion(event.headers['x-prefect-api-version']);
    const caller = callerOf(event, found.route);
    assertRole(caller, found.route.access);
    const call = readRequest(event, found.route, caller);
    await restrictToPools(context, found.name, found.route, call);
    const reply = await found.handle(context, call);
    return compressed(event, jsonResponse(reply.status, reply.body));
  };
  const inTime = { timeoutEarlyInMillis: EARLY_MS, timeoutEarlyResponse: outOfTime };
  return middy(inTime).use(answerErrors(context)).handler(serve) as unknown as HttpHandler;
}

/** How long before the end of its time a Lambda gives up, so that its response still gets out. */
const EARLY_MS = 250;

/** Only a store that answers slowly takes so long, so it is no fault of the request or the server. */
function outOfTime(): never {
  throw new DibsError('unavailable', 'The database did not answer in time.', {
    hint: 'Retry. The request may or may not have taken effect.',
  });
}

/** Prefect's create routes end in a slash; they are found with or without it. */
const withoutSlash = (routeKey: string): string => routeKey.replace(/\/$/, '');
