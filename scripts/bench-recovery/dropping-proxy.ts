import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/**
 * `cut`: the connection breaks, which the caller notices. `silent`: nothing arrives until the
 * caller gives up.
 */
export type Drops = 'cut' | 'silent';

export interface DroppingProxy {
  /** The proxy's address. Like the target's, it ends in `/api`. */
  readonly url: string;
  readonly counts: {
    heartbeats: number;
    /**
     * Of these heartbeats, some never reached the server; the others took effect, but the response
     * was lost.
     */
    droppedBefore: number;
    droppedAfter: number;
    /** Requests of any kind that were answered with 410: the session has ended. */
    gone: number;
  };
  /** From now on, the proxy drops nothing. */
  calm(): void;
  stop(): Promise<void>;
}

interface DroppingOptions {
  readonly target: string;
  /** The share of heartbeats to drop: half of it before they take effect, half after. */
  readonly probability: number;
  readonly drops: Drops;
  readonly random: () => number;
}

/** Starts a proxy between agents and the server that drops a share of their heartbeats. */
export async function startDroppingProxy(options: DroppingOptions): Promise<DroppingProxy> {
  const { probability, drops, random } = options;
  const { hostname, port, pathname } = new URL(options.target);
  const counts = { heartbeats: 0, droppedBefore: 0, droppedAfter: 0, gone: 0 };
  let isCalm = false;

  const lose = ({ socket }: IncomingMessage) => {
    if (drops === 'cut') socket.destroy();
  };

  async function forward(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { url: path = '/', method, headers } = incoming;
    const isHeartbeat = path.endsWith('/heartbeat');
    const chance = isHeartbeat && !isCalm ? random() : 1;
    if (isHeartbeat) counts.heartbeats++;
    if (chance < probability / 2) {
      counts.droppedBefore++;
      return lose(incoming);
    }
    const asked = request({ hostname, port, path, method, headers });
    incoming.pipe(asked);
    const [reply] = (await once(asked, 'response')) as [IncomingMessage];
    const body = await buffer(reply);
    if (reply.statusCode === 410) counts.gone++;
    if (chance < probability) {
      counts.droppedAfter++;
      return lose(incoming);
    }
    outgoing.writeHead(reply.statusCode ?? 502, reply.headers).end(body);
  }

  const server = createServer((incoming, outgoing) => {
    // The agent may close its connection while it is served.
    forward(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${own}${pathname}`,
    counts,
    calm: () => {
      isCalm = true;
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
