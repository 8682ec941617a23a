import middy from '@middy/core';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context as LambdaContext,
} from 'aws-lambda';
import type { Reply, Route } from '../api/route.ts';
import { routeMatcher, splitPath } from '../api/route-match.ts';
import { ROUTES, type RouteName } from '../api/routes.ts';
import { assertRole } from '../core/access.ts';
import type { Context } from '../core/context.ts';
import { assertApiVersion } from './api-version.ts';
import { callerOf, restrictToPools } from './caller.ts';
import { compressed } from './compress.ts';
import { answerErrors, unknownRoute } from './problems.ts';
import { type Call, readRequest } from './request.ts';
import { jsonResponse } from './response.ts';

export type HttpHandler = (
  event: APIGatewayProxyEventV2,
  context: LambdaContext,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** parse -> core -> shape, for one route of the table. */
export type Handle<Name extends RouteName> = (
  context: Context,
  call: Call<(typeof ROUTES)[Name]>,
) => Promise<Reply<(typeof ROUTES)[Name]>>;

export type Handles<Name extends RouteName> = { readonly [N in Name]: Handle<N> };

type AnyHandle = (context: Context, call: Call) => Promise<{ status: number; body: unknown }>;

/** The handler of one Lambda: API Gateway has matched the route already, `event.routeKey` names it. */
export function httpHandler<Name extends RouteName>(
  context: Context,
  handles: Handles<Name>,
): HttpHandler {
  const served = new Map<string, { route: Route; handle: AnyHandle }>();
  for (const name of Object.keys(handles) as Name[]) {
    const route: Route = ROUTES[name];
    const handle = handles[name] as unknown as AnyHandle;
    served.set(withoutSlash(`${route.method} ${route.path}`), { route, handle });
  }

  const match = routeMatcher([...served].map(([routeKey, value]) => ({ routeKey, value })));
  /** API Gateway has no routes that end in a slash: such a path may come by its default route. */
  const routed = (event: APIGatewayProxyEventV2) => {
    const known = served.get(withoutSlash(event.routeKey));
    if (known || event.routeKey !== DEFAULT_ROUTE) return { event, found: known };
    const { method } = event.requestContext.http;
    const found = match(method, splitPath(event.rawPath));
    if (!found) return { event, found };
    const { routeKey, pathParameters } = found;
    return {
      event: { ...event, routeKey, pathParameters: { ...pathParameters } },
      found: found.value,
    };
  };

  const serve = async (asSent: APIGatewayProxyEventV2) => {
    const { event, found } = routed(asSent);
    if (!found) throw unknownRoute(event);
    assertApiVersion(event.headers['x-prefect-api-version']);
    const caller = callerOf(event, found.route);
    assertRole(caller, found.route.access);
    const call = readRequest(event, found.route, caller);
    await restrictToPools(context, found.route, call);
    const reply = await found.handle(context, call);
    return compressed(event, jsonResponse(reply.status, reply.body));
  };
  return middy().use(answerErrors(context)).handler(serve) as unknown as HttpHandler;
}

const DEFAULT_ROUTE = '$default';

/** Prefect's create routes end in a slash; API Gateway has a route for either form. */
const withoutSlash = (routeKey: string): string => routeKey.replace(/\/$/, '');
