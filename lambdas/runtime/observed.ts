import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { routed } from '../http/default-route.ts';
import type { HttpHandler } from '../http/http.ts';
import type { Telemetry } from './telemetry.ts';

/**
 * A Lambda handler for API Gateway whose log lines name their request. Its metrics are written when
 * it ends.
 */
export const observedApi =
  (telemetry: Telemetry, handler: HttpHandler): HttpHandler =>
  async (asSent, context) => {
    const event = routed(asSent);
    return observe(telemetry, event.routeKey, factsOf(event), () => handler(event, context));
  };

/** The same for a Lambda that is called by a timer or a stream. */
export const observedCall =
  <Event, Result>(
    telemetry: Telemetry,
    service: string,
    handler: (event: Event) => Promise<Result>,
  ) =>
  async (event: Event, context?: { readonly awsRequestId?: string }): Promise<Result> =>
    observe(telemetry, service, { lambda: service, request_id: context?.awsRequestId }, () =>
      handler(event),
    );

async function observe<Result>(
  telemetry: Telemetry,
  verb: string,
  facts: Readonly<Record<string, string | undefined>>,
  call: () => Promise<Result>,
): Promise<Result> {
  const started = performance.now();
  telemetry.begin(verb, facts);
  try {
    return await call();
  } finally {
    telemetry.end(performance.now() - started);
  }
}

/** Ids and names only: nothing of a body, a query or a header. */
function factsOf({ routeKey, requestContext, pathParameters }: APIGatewayProxyEventV2) {
  const path = pathParameters ?? {};
  const { authorizer } = requestContext as { authorizer?: { lambda?: { keyId?: string } } };
  const isRun = routeKey.includes('/flow_runs/{id}');
  return {
    request_id: requestContext.requestId,
    route: routeKey,
    key_id: authorizer?.lambda?.keyId,
    ...(isRun ? { run_id: path['id'] } : {}),
    ...(path['session_id'] ? { session_id: path['session_id'] } : {}),
    ...(routeKey.includes('/work_pools/{name}') ? { work_pool: path['name'] } : {}),
  };
}
