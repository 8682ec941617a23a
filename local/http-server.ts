import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { HINT, STATUS } from '../api/errors.ts';
import { routeMatcher } from '../api/route-match.ts';
import type { Authorizer } from '../lambdas/authorizer.ts';
import type { HttpHandler } from '../lambdas/http/http.ts';
import { jsonResponse } from '../lambdas/http/response.ts';
import { DibsError } from '../model/values/errors.ts';
import { assertAdmitted } from './admission.ts';
import { everybody } from './authorize.ts';
import { gatewayEvent, requestTarget } from './gateway-event.ts';
import { lambdaContext } from './lambda-context.ts';

interface ServedRoute {
  readonly routeKey: string;
  readonly handler: HttpHandler;
  /** Whether the route needs no key. Default: it needs one. */
  readonly open?: boolean;
}

export interface HttpServerOptions {
  readonly routes: ReadonlyArray<ServedRoute>;
  /** Handles requests that no route matches: API Gateway's `$default`. */
  readonly fallback: HttpHandler;
  /** Default: every caller is an admin. */
  readonly authorize?: Authorizer;
  /** Hosts to serve beside this machine's addresses and names (admission.ts). Default: none. */
  readonly allowedHosts?: readonly string[];
  /** Default: 30,000, as in API Gateway. */
  readonly timeoutMs?: number;
}

export interface HttpServer {
  /** Listens on 127.0.0.1 and returns the port; 0 chooses one. Rejects with `EADDRINUSE`. */
  listen(port: number): Promise<number>;
  /** Gives requests in flight a second to finish, then cuts them off. */
  close(): Promise<void>;
}

/** Lambda's bound for requests and for responses. */
const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;
/** Longer than clients keep idle connections, or they would send on one that is being closed. */
const KEEP_ALIVE_MS = 75_000;
const CLOSE_GRACE_MS = 1_000;

/** A server in the place of API Gateway: turns requests into calls of Lambda handlers. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const match = routeMatcher(
    options.routes.map((route) => ({ routeKey: route.routeKey, value: route })),
  );
  const timeoutMs = options.timeoutMs ?? 30_000;
  const authorize = options.authorize ?? everybody;
  const other: ServedRoute = { routeKey: '$default', handler: options.fallback };

  async function respond(request: IncomingMessage): Promise<APIGatewayProxyStructuredResultV2> {
    const refused = refusedOf(request, options.allowedHosts ?? []);
    const target = requestTarget(request);
    const body = await readBody(request);
    if (refused) return refused;
    if (!body) return plain(413, 'Request Entity Too Large');
    const { method, segments } = target;
    const route = match(method, segments) ?? { routeKey: '$default', value: other };
    const requestId = randomUUID();
    const event = gatewayEvent(request, { target, body, route, requestId });
    try {
      const context = lambdaContext(requestId, timeoutMs);
      const { open, handler } = route.value;
      const { isAuthorized, context: lambda } = await (open ? everybody : authorize)(event);
      if (!isAuthorized) return refusal(event);
      const requestContext = { ...event.requestContext, authorizer: { lambda } };
      const result = await withTimeout(handler({ ...event, requestContext }, context), timeoutMs);
      if (result === 'timed out') return plain(503, 'Service Unavailable');
      if (sizeOf(result) <= MAX_PAYLOAD_BYTES) return result;
      console.error(`${route.routeKey}: the response is larger than 6 MB, Lambda's limit`);
    } catch (error) {
      console.error(`${route.routeKey} failed:`, error);
    }
    return plain(500, 'Internal Server Error');
  }

  const server = createServer(
    {
      keepAliveTimeout: KEEP_ALIVE_MS,
      // Other upgrades (curl and Java offer h2c) can be ignored: then it is an ordinary request.
      shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket',
    },
    async (request, response) => {
      try {
        const result = await respond(request);
        if (!server.listening) response.setHeader('connection', 'close');
        send(response, result);
      } catch (error) {
        if (request.errored) return; // The client is gone, so nobody waits for the response.
        console.error('a response that cannot be sent over HTTP:', error);
        send(response, plain(500, 'Internal Server Error'));
      }
    },
  );
  server.on('upgrade', (_request, socket) => refuseUpgrade(socket));

  return {
    async listen(port) {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    },
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      const cut = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
      await closed;
      clearTimeout(cut);
    },
  };
}

function refusedOf(
  { method, headers }: IncomingMessage,
  allowed: readonly string[],
): APIGatewayProxyStructuredResultV2 | undefined {
  try {
    assertAdmitted(method, headers, allowed);
    return undefined;
  } catch (error) {
    if (!(error instanceof DibsError)) throw error;
    const { code, message, hint = HINT[code] } = error;
    return jsonResponse(STATUS[code], { detail: message, code, hint });
  }
}

/**
 * undefined if the body is too large. It is read to its end even then, or the response might be
 * lost.
 */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MAX_PAYLOAD_BYTES) chunks.push(chunk);
  });
  await once(request, 'end');
  return size <= MAX_PAYLOAD_BYTES ? Buffer.concat(chunks) : undefined;
}

function withTimeout<T>(promise: Promise<T>, ms: number): Promise<T | 'timed out'> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms, 'timed out' as const);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function plain(statusCode: number, message: string): APIGatewayProxyStructuredResultV2 {
  const headers = { 'content-type': 'application/json' };
  return { statusCode, headers, body: JSON.stringify({ message }) };
}

/** API Gateway's own response, plus a detail and a code, which API Gateway cannot add. */
function refusal({ headers: sent }: APIGatewayProxyEventV2): APIGatewayProxyStructuredResultV2 {
  const code = sent['authorization'] ? 'api_key_refused' : 'api_key_missing';
  const message = code === 'api_key_missing' ? 'Unauthorized' : 'Forbidden';
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ message, detail: REFUSALS[code], code });
  return { statusCode: STATUS[code], headers, body };
}

const REFUSALS = {
  api_key_missing: 'This server asks for an API key: set DIBS_API_KEY or PREFECT_API_KEY.',
  api_key_refused: 'This API key is unknown, revoked or expired.',
} as const;

function sizeOf(result: APIGatewayProxyStructuredResultV2): number {
  return Buffer.byteLength(result.body ?? '');
}

function send(response: ServerResponse, result: APIGatewayProxyStructuredResultV2): void {
  const statusCode = result.statusCode ?? 200;
  const body = Buffer.from(result.body ?? '', result.isBase64Encoded ? 'base64' : 'utf8');
  response.statusCode = statusCode;
  if (statusCode === 204 || statusCode === 304) {
    setHeaders(response, result);
    response.end();
    return;
  }
  response.setHeader('content-type', 'text/plain;charset=UTF-8');
  setHeaders(response, result);
  response.setHeader('content-length', body.length);
  response.end(body);
}

function setHeaders(response: ServerResponse, result: APIGatewayProxyStructuredResultV2): void {
  for (const [name, value] of Object.entries(result.headers ?? {})) {
    response.setHeader(name, String(value));
  }
  if (result.cookies?.length) response.setHeader('set-cookie', result.cookies);
}

/**
 * There are no websockets. After a refusal clients continue without; without an answer they would
 * hang.
 */
function refuseUpgrade(socket: Duplex): void {
  const body = JSON.stringify({ message: 'Forbidden' });
  socket.on('error', () => {});
  socket.end(
    'HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\n' +
      `content-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  );
}
