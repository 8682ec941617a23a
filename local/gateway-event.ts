import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { splitPath } from '../api/route-match.ts';

/** The target of a request, parsed as API Gateway does: decoded first, then split. */
export interface RequestTarget {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly segments: readonly string[];
}

/** Headers of a single connection. API Gateway passes none of them on. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te']);

/** Bodies of these types are passed as text. All others are in base64, even if they are text. */
const TEXT_TYPE = /^(text\/|application\/(json|javascript|xml|[\w.-]+\+json)\b)/i;

export function requestTarget(request: IncomingMessage): RequestTarget {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const raw = mark < 0 ? url : url.slice(0, mark);
  // API Gateway's "rawPath" is decoded, despite its name, and ends at a `?` that was encoded.
  const [path = '/'] = decoded(raw).split('?');
  return {
    method: request.method ?? 'GET',
    path,
    query: mark < 0 ? '' : url.slice(mark + 1),
    segments: splitPath(path),
  };
}

/** Decodes what is percent-encoded. A percent sign that encodes nothing stays, as in `50%`. */
function decoded(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}

interface Received {
  readonly target: RequestTarget;
  readonly body: Buffer;
  readonly route: {
    readonly routeKey: string;
    readonly pathParameters?: Readonly<Record<string, string>>;
  };
  readonly requestId: string;
}

/** The event that API Gateway would send to a Lambda, payload format 2.0. */
export function gatewayEvent(
  request: IncomingMessage,
  { target, body, route, requestId }: Received,
): APIGatewayProxyEventV2 {
  const sourceIp = request.socket.remoteAddress ?? '127.0.0.1';
  const { headers, cookies } = gatewayHeaders(request, sourceIp);
  const now = new Date();
  return {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath: target.path,
    rawQueryString: target.query,
    ...(cookies && { cookies }),
    headers,
    ...(target.query && { queryStringParameters: queryParameters(target.query) }),
    ...(hasKeys(route.pathParameters) && { pathParameters: route.pathParameters }),
    requestContext: {
      accountId: 'local',
      apiId: 'local',
      domainName: request.headers.host ?? 'localhost',
      domainPrefix: 'local',
      http: {
        method: target.method,
        path: target.path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId,
      routeKey: route.routeKey,
      stage: '$default',
      time: commonLogTime(now),
      timeEpoch: now.getTime(),
    },
    ...gatewayBody(body, request.headers),
  };
}

/** Header names in lower case; repeated headers are joined by commas, cookies are kept apart. */
function gatewayHeaders(request: IncomingMessage, sourceIp: string) {
  const headers: Record<string, string> = {};
  let cookies: string[] | undefined;
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const name = (request.rawHeaders[i] ?? '').toLowerCase();
    const value = request.rawHeaders[i + 1] ?? '';
    if (name === 'cookie') cookies = [...(cookies ?? []), ...value.split(/; */)];
    else if (!HOP_BY_HOP.has(name)) {
      headers[name] = name in headers ? `${headers[name]},${value}` : value;
    }
  }
  headers['x-forwarded-for'] = sourceIp;
  headers['x-forwarded-port'] = String(request.socket.localPort);
  headers['x-forwarded-proto'] = 'http';
  return { headers, cookies };
}

function queryParameters(query: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    parameters[name] = name in parameters ? `${parameters[name]},${value}` : value;
  }
  return parameters;
}

function gatewayBody(body: Buffer, headers: IncomingHttpHeaders) {
  if (body.length === 0) return { isBase64Encoded: false };
  const encoded = headers['content-encoding'] ?? 'identity';
  const isText =
    TEXT_TYPE.test(headers['content-type'] ?? '') && encoded === 'identity' && isUtf8(body);
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}

/** `12/Mar/2026:19:03:58 +0000`, from `Thu, 12 Mar 2026 19:03:58 GMT`. */
function commonLogTime(at: Date): string {
  const [, day, month, year, time] = at.toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}

function hasKeys(record: Readonly<Record<string, string>> | undefined): boolean {
  for (const _ in record) return true;
  return false;
}
