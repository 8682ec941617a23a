import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Reply } from './faulty-proxy.ts';

/** Answers in the place of the server, whose reply it gets if the request reached the server. */
type Answers = (outgoing: ServerResponse, reply: Reply | undefined) => void;

const JSON_TYPE = { 'content-type': 'application/json' };
const PAGE = '<!doctype html><html><title>Sign in</title></html>';

const said = (status: number, type: string, body: string): Answers => {
  return (outgoing) => void outgoing.writeHead(status, { 'content-type': type }).end(body);
};

/** The server's reply with one thing wrong. What has no body to spoil gets a body. */
const spoiled = (spoil: (body: Record<string, unknown>) => unknown): Answers => {
  return (outgoing, reply) => {
    const text = reply?.body.toString() || '{"id":"x"}';
    const body = JSON.stringify(spoil(JSON.parse(text)));
    outgoing.writeHead(reply?.status === 204 ? 200 : (reply?.status ?? 200), JSON_TYPE).end(body);
  };
};

/** Fields without which no reply of the agent's and the SDK's calls means anything. */
const NEEDED = /^(lease_seconds|runs|status|id|base_job_template)$/;

const entries = (body: Record<string, unknown>, change: (value: unknown) => unknown) =>
  Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, NEEDED.test(key) ? change(value) : value]),
  );

/** Sends pieces until the other side has had enough. */
const pieces = (piece: string, everyMs: number): Answers => {
  return (outgoing) => {
    outgoing.writeHead(200, JSON_TYPE).write('{"lease_seconds": 30, "note": "');
    const timer = setInterval(() => {
      while (!outgoing.destroyed && outgoing.write(piece) && everyMs === 0);
    }, everyMs);
    outgoing.once('close', () => clearInterval(timer));
  };
};

/**
 * Everything that something other than the API may answer in its place, most of it as a success.
 * `redirect` leads to the given address.
 */
export const foreignReplies = (elsewhere: string): Readonly<Record<string, Answers>> => ({
  'a page': said(200, 'text/html', PAGE),
  'a page with a plain type': said(200, 'text/plain', 'OK'),
  'a page that is called JSON': said(200, 'application/json', PAGE),
  'JSON of another shape': said(200, 'application/json', '{"status":"up"}'),
  'a field missing': spoiled((body) => entries(body, () => undefined)),
  'a field of another type': spoiled((body) => entries(body, (value) => [String(value)])),
  'a number that is none': spoiled((body) => entries(body, () => null)),
  'half of it': said(200, 'application/json', '{"lease_seconds": 30, "runs": ['),
  'nothing at all': said(200, 'application/json', ''),
  'no content': (outgoing) => void outgoing.writeHead(202).end(),
  'a reply without an end': pieces('x'.repeat(64 * 1024), 0),
  'a reply that drips': pieces('x', 50),
  'a redirect': (outgoing) => void outgoing.writeHead(307, { location: elsewhere }).end(),
  'a page that says it is forbidden': said(403, 'text/html', PAGE),
  'a page that finds nothing': said(404, 'text/html', PAGE),
  'a page that says it is gone': said(410, 'text/html', PAGE),
});

/** Errors of what stands in front of the API. They say nothing about runs. */
export const frontReplies: Readonly<Record<string, Answers>> = {
  'a refusal of a firewall': said(403, 'application/json', '{"message":"Forbidden"}'),
  'a gateway that finds no route': said(404, 'application/json', '{"message":"Not Found"}'),
};

/** A server that nobody may be led to. It keeps what it was sent. */
export async function startElsewhere(): Promise<
  { readonly url: string; readonly requests: readonly string[] } & AsyncDisposable
> {
  const requests: string[] = [];
  const server = createServer((incoming, outgoing) => {
    requests.push(`${incoming.method} ${incoming.url}`);
    outgoing.writeHead(200, JSON_TYPE).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/elsewhere`,
    requests,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
