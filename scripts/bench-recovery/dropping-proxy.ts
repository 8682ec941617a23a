import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** `cut`: the connection breaks, and the caller knows. `silent`: nothing comes, until it gives up. */
export type Drops = 'cut' | 'silent';

export interface DroppingProxy {
  /** As the target's, ending in `/api`. */
  readonly url: string;
  readonly counts: {
    heartbeats: number;
    /** Of them: never reached the server; took effect, and the reply was lost. */
    droppedBefore: number;
    droppedAfter: number;
    /** Requests of any kind that were told: your session has ended. */
    gone: number;
  };
  /** From now on all goes through. */
  calm(): void;
  stop(): Promise<void>;
}

interface DroppingOptions {
  readonly target: string;
  /** Of heartbeats; half of it before they take effect, half after. */
  readonly probability: number;
  readonly drops: Drops;
  readonly random: () => number;
}

/** Stands between agents and the server, and loses a part of their heartbeats. */
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
    // An agent that goes away while it is served.
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
