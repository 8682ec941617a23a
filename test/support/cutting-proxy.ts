import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Stands between an agent and the server, and loses what it is told to lose. */
export interface CuttingProxy extends AsyncDisposable {
  /** As the target's, ending in `/api`. */
  readonly url: string;
  /**
   * The next `times` replies to requests that match (a path, or any request by its head) are dropped:
   * after the request took effect, before a byte of the reply is sent.
   */
  cut(what: RegExp | ((request: IncomingMessage) => boolean), times: number): void;
  /** How many replies were dropped so far. */
  readonly cuts: number;
  /** Paths of all requests so far, in order. */
  readonly requests: readonly string[];
  /** Refuses connections, and drops those that are open. */
  down(): Promise<void>;
  /** On the same port again. */
  up(): Promise<void>;
  stop(): Promise<void>;
}

export async function startCuttingProxy(targetUrl: string): Promise<CuttingProxy> {
  const target = new URL(targetUrl);
  const orders: { matches: (request: IncomingMessage) => boolean; left: number }[] = [];
  const requests: string[] = [];
  let cuts = 0;

  function isCut(request: IncomingMessage): boolean {
    const order = orders.find(({ left, matches }) => left > 0 && matches(request));
    if (!order) return false;
    order.left--;
    cuts++;
    return true;
  }

  async function forward(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { url: path = '/', method, headers } = incoming;
    requests.push(path);
    const { hostname, port } = target;
    const asked = request({ hostname, port, path, method, headers, agent: false });
    incoming.pipe(asked);
    const [reply] = (await once(asked, 'response')) as [IncomingMessage];
    const body = await buffer(reply);
    if (isCut(incoming)) incoming.socket.destroy();
    else outgoing.writeHead(reply.statusCode ?? 502, reply.headers).end(body);
  }

  const server = createServer((incoming, outgoing) => {
    forward(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const down = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  const port = await listen(0);
  return {
    url: `http://127.0.0.1:${port}${target.pathname}`,
    cut: (what, times) => {
      const matches =
        typeof what === 'function' ? what : ({ url = '' }: IncomingMessage) => what.test(url);
      orders.push({ matches, left: times });
    },
    get cuts() {
      return cuts;
    },
    requests,
    down,
    up: async () => void (await listen(port)),
    stop: down,
    [Symbol.asyncDispose]: down,
  };
}
