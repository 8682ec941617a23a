import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { routeMatcher, splitPath } from '../../api/route-match.ts';
import { ROUTES } from '../../api/routes.ts';

const DEFAULT_ROUTE = '$default';

/** The route of a method and the segments of a path, as API Gateway would find it. */
export const matchRoute = routeMatcher(
  Object.values(ROUTES).map(({ method, path }) => ({
    routeKey: `${method} ${path.replace(/\/$/, '')}`,
    value: undefined,
  })),
);

/**
 * API Gateway has no routes that end in a slash, but Prefect's clients send such paths. They come
 * by the default route. This returns the event as if it had come by its own route.
 */
export function routed(event: APIGatewayProxyEventV2): APIGatewayProxyEventV2 {
  if (event.routeKey !== DEFAULT_ROUTE) return event;
  const found = matchRoute(event.requestContext.http.method, splitPath(event.rawPath));
  if (!found) return event;
  const { routeKey, pathParameters } = found;
  return { ...event, routeKey, pathParameters: { ...pathParameters } };
}
