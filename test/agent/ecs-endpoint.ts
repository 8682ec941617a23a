import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

interface Told {
  readonly path: string;
  readonly state: { readonly ProtectionEnabled: boolean; readonly ExpiresInMinutes?: number };
}

/** Stands in for the ECS agent, which exists only on AWS. */
export interface EcsEndpoint extends AsyncDisposable {
  /** The value for `ECS_AGENT_URI`. */
  readonly uri: string;
  /** All requests, in order. */
  readonly told: Told[];
  /** The response to send. Undefined: it accepts the request. */
  refuses: { readonly status: number; readonly body: string } | undefined;
}

/** A refusal by ECS, which the ECS agent passes on with status 200. */
export function failure(Reason: string) {
  return { status: 200, body: JSON.stringify({ failure: { Arn: 'arn:aws:ecs:…', Reason } }) };
}

export async function startEcsEndpoint(): Promise<EcsEndpoint> {
  const server = createServer(async (request, response) => {
    const state = (await json(request)) as Told['state'];
    endpoint.told.push({ path: `${request.method} ${request.url}`, state });
    const { ProtectionEnabled } = state;
    const done = { status: 200, body: JSON.stringify({ protection: { ProtectionEnabled } }) };
    const { status, body } = endpoint.refuses ?? done;
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint: EcsEndpoint = {
    uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/1`,
    told: [],
    refuses: undefined,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return endpoint;
}
