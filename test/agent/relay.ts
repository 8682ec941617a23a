import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { HeartbeatReply } from '../../agent/wire.ts';

interface Held {
  /** Resolves when the request has arrived. */
  readonly arrived: Promise<void>;
  /** Lets the request pass. */
  release(): void;
}

interface RelayedRequest {
  readonly path: string;
  /** The body as it was sent. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Stands between an agent and the server, and changes the server's responses. */
export interface Relay extends AsyncDisposable {
  readonly url: string;
  /**
   * Overrides fields in the response to each heartbeat. An agent that assumes a shorter lease than
   * the server's is on the safe side, and its tests take less time.
   */
  says: Partial<HeartbeatReply>;
  /** Requests to such a path get the response of API Gateway for a throttled Lambda. */
  throttles: RegExp | undefined;
  /** All requests, in order. */
  readonly requests: readonly RelayedRequest[];
  /** The next request to such a path waits here until it is released. */
  hold(path: RegExp): Held;
}

export async function startRelay(target: string, says: Partial<HeartbeatReply>): Promise<Relay> {
  const requests: RelayedRequest[] = [];
  const holds: { path: RegExp; arrive: () => void; released: Promise<void> }[] = [];

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { url: path = '', method = '', headers } = incoming;
    const sent = await text(incoming);
    requests.push({ path, body: sent ? JSON.parse(sent) : {} });
    const hold = holds.findIndex((one) => one.path.test(path));
    if (hold >= 0) {
      const [held] = holds.splice(hold, 1);
      held?.arrive();
      await held?.released;
    }
    if (relay.throttles?.test(path)) {
      outgoing.writeHead(500, { 'content-type': 'application/json' });
      outgoing.end('{"message":"Internal Server Error"}');
      return;
    }
    const token = headers['dibs-claim-token'];
    const reply = await fetch(new URL(path, target), {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token ? { 'dibs-claim-token': String(token) } : {}),
      },
      ...(sent ? { body: sent } : {}),
    });
    let body = await reply.text();
    if (reply.ok && path.endsWith('/heartbeat')) {
      body = JSON.stringify({ ...JSON.parse(body), ...relay.says });
    }
    outgoing.writeHead(reply.status, { 'content-type': 'application/json' }).end(body);
  }

  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const relay: Relay = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${new URL(target).pathname}`,
    says,
    throttles: undefined,
    requests,
    hold: (path) => {
      const arrived = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      holds.push({ path, arrive: arrived.resolve, released: released.promise });
      return { arrived: arrived.promise, release: released.resolve };
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return relay;
}

/** The states that were proposed for this attempt of a run, found by its claim token, in order. */
export function proposed({ requests }: Relay, runId: string, attempt: number): string[] {
  return requests.flatMap(({ path, body }) => {
    if (path !== `/api/flow_runs/${runId}/set_state`) return [];
    if (!String(body['claim_token']).startsWith(`${runId}.${attempt}.`)) return [];
    return [(body['state'] as { type: string }).type];
  });
}

/** The first heartbeat of each session, in order. */
export function openings({ requests }: Relay) {
  return requests.flatMap(({ path, body }) => {
    const sessionId = /\/sessions\/(.+)\/heartbeat$/.exec(path)?.[1];
    if (!sessionId || !body['started']) return [];
    return [{ sessionId, name: body['worker_name'], replaces: body['replaces'] }];
  });
}
