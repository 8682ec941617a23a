import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** One request as it came, and what was answered to it. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Absent while there is none. */
  reply?: Reply;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What happens to a request on its way. */
export interface Fate {
  /** Before the target hears of it; it is forwarded when this has settled. */
  readonly before?: () => Promise<void> | void;
  /** The request: the target never hears of it. The reply: after its effect, not a byte is sent. */
  readonly loses?: 'request' | 'reply';
  /** Answers in the server's place, and gets its reply if the request was not lost. */
  readonly answers?: (outgoing: ServerResponse, reply: Reply | undefined) => void;
  /** After its effect, before the reply is sent. */
  readonly after?: () => Promise<void> | void;
}

/**
 * Stands in front of a server, or of a database, and meddles with single requests. Where nobody wants
 * to meddle it keeps a record, which says what was asked and answered whoever asked.
 */
export interface FaultyProxy extends AsyncDisposable {
  readonly port: number;
  /** All so far, in the order in which they came; whoever has read them may empty it. */
  readonly exchanges: Exchange[];
  /** Asked about each request that comes; undefined: it passes. */
  meddle: (exchange: Exchange) => Fate | undefined;
  /** Where requests go from now on. */
  retarget(port: number): void;
  /** Those that wait for an answer get none. */
  hangUp(): void;
  /** The same request, word for word, once more, past the proxy's own record. */
  resend(exchange: Exchange): Promise<{ status: number; text: string }>;
}

export async function startFaultyProxy(targetUrl: string): Promise<FaultyProxy> {
  const { hostname, port: firstPort } = new URL(targetUrl);
  const agent = new Agent({ keepAlive: true });
  const exchanges: Exchange[] = [];
  const waiting = new Set<IncomingMessage>();
  let target = Number(firstPort);

  async function forward({ method, path, headers, body }: Exchange): Promise<Reply> {
    const asked = request({ hostname, port: target, path, method, headers, agent });
    asked.end(body);
    const [reply] = (await once(asked, 'response')) as [IncomingMessage];
    return { status: reply.statusCode ?? 502, headers: reply.headers, body: await buffer(reply) };
  }

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { url: path = '/', method = 'GET', headers } = incoming;
    const exchange: Exchange = { method, path, headers, body: await buffer(incoming) };
    exchanges.push(exchange);
    const fate = proxy.meddle(exchange);
    await fate?.before?.();
    if (fate?.loses === 'request') {
      if (fate.answers) return fate.answers(outgoing, undefined);
      return void incoming.socket.destroy();
    }
    const reply = await forward(exchange);
    exchange.reply = reply;
    await fate?.after?.();
    if (fate?.loses === 'reply') return void incoming.socket.destroy();
    if (fate?.answers) return fate.answers(outgoing, reply);
    outgoing.writeHead(reply.status, reply.headers).end(reply.body);
  }

  const server = createServer((incoming, outgoing) => {
    waiting.add(incoming);
    pass(incoming, outgoing)
      .catch(() => incoming.socket.destroy())
      .finally(() => waiting.delete(incoming));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const proxy: FaultyProxy = {
    port: (server.address() as AddressInfo).port,
    exchanges,
    meddle: () => undefined,
    retarget: (port) => {
      target = port;
    },
    hangUp: () => {
      for (const incoming of waiting) incoming.socket.destroy();
    },
    resend: async (exchange) => {
      const { status, body } = await forward(exchange);
      return { status, text: body.toString() };
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
  return proxy;
}
