import { isUtf8 } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import { anyName, TOLD_ALONE, uuid } from '../../api/fields/fields.ts';
import type { BodyOut, PathParameters, QueryOut, Route } from '../../api/route.ts';
import { PATH_PARAMETERS } from '../../api/routes.ts';
import { cutVerbatim, verbatimPaths } from '../../api/verbatim.ts';
import type { Identity } from '../../core/proposals/identity.ts';
import type { KeyHolder } from '../../model/access.ts';
import { DibsError } from '../../model/values/errors.ts';
import { InvalidRequest } from './problems.ts';

/** A request to route R, parsed and validated. */
export interface Call<R extends Route = Route> {
  readonly path: PathParameters<R>;
  readonly query: QueryOut<R>;
  readonly body: BodyOut<R>;
  readonly identity: Identity;
  readonly caller: KeyHolder;
}

const paths = new WeakMap<z.ZodType, ReturnType<typeof verbatimPaths>>();

/** @throws InvalidRequest if path, query or body do not match the route's schemas. */
export function readRequest(event: APIGatewayProxyEventV2, route: Route, caller: KeyHolder): Call {
  const header = (name: string) => event.headers[name];
  return {
    path: readPath(event),
    query: route.query && check(route.query, event.queryStringParameters ?? {}, { place: 'query' }),
    body: route.body && readBody(event, route.body),
    caller,
    identity: {
      claimToken: undefined,
      headerToken: header('dibs-claim-token'),
      workerName: workerName(header('x-prefect-worker-name')),
      flowId: header('x-prefect-flow-id'),
      deploymentId: header('x-prefect-deployment-id'),
    },
  } as Call;
}

/** It becomes part of a key. */
function workerName(name: string | undefined): string | undefined {
  const result = anyName.safeParse(name ?? '');
  if (result.success) return name;
  const msg = `X-Prefect-Worker-Name: ${result.error.issues[0]?.message}`;
  const problem = { loc: ['header', 'x-prefect-worker-name'], msg, type: 'too_big' };
  throw new InvalidRequest([problem], undefined);
}

function readPath(event: APIGatewayProxyEventV2): Record<string, string> {
  const entries = Object.entries(event.pathParameters ?? {}).map(([name, value]) => {
    const schema = PATH_PARAMETERS[name as keyof typeof PATH_PARAMETERS];
    // As in Prefect, where such a path matches no route.
    if (schema === uuid && !uuid.safeParse(value).success) throw notAnId(value);
    return [name, check(schema, value, { place: 'path', name })];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

const notAnId = (value: string | undefined) =>
  new DibsError('route_not_found', `Not Found: "${value}" is not a UUID.`, {
    hint: 'Use the id here. Ids are UUIDs.',
  });

/** A missing body counts as {}: Prefect's clients send none if every field is optional. */
function readBody(event: APIGatewayProxyEventV2, schema: z.ZodType): unknown {
  const text = bodyText(event) || (schema instanceof z.ZodObject ? '{}' : '');
  if (text === '') return check(schema, undefined, { place: 'body' });
  assertShallow(text);
  const parsed = parse(text);
  const verbatim = paths.get(schema) ?? verbatimPaths(schema);
  paths.set(schema, verbatim);
  const body = cutVerbatim(text, parsed, verbatim);
  return check(schema, body, { place: 'body', text });
}

/**
 * JSON parsers recurse: a body of nothing but brackets would overflow the stack of this process.
 */
function assertShallow(text: string): void {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (inString) {
      if (char === '\\') i++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') depth--;
    if (depth > DEEPEST) {
      const msg = `JSON may be nested at most ${DEEPEST} levels deep.`;
      throw new InvalidRequest([{ loc: ['body'], msg, type: 'json_too_deep' }], undefined);
    }
  }
}

const DEEPEST = 500;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const msg = `JSON decode error: ${(error as Error).message}`;
    throw new InvalidRequest([{ loc: ['body'], msg, type: 'json_invalid' }], undefined);
  }
}

/** A small compressed body must not fill the memory when it is inflated. */
const INFLATED_BYTES = 16 * 1024 * 1024;

function bodyText({ body = '', isBase64Encoded, headers }: APIGatewayProxyEventV2): string {
  if (!isBase64Encoded) return body;
  const bytes = Buffer.from(body, 'base64');
  if (headers['content-encoding']?.toLowerCase() !== 'gzip') return utf8(bytes);
  let inflated: Buffer;
  try {
    inflated = gunzipSync(bytes, { maxOutputLength: INFLATED_BYTES });
  } catch {
    const msg = `The body is not gzip, or has more than ${INFLATED_BYTES} bytes.`;
    throw new InvalidRequest([{ loc: ['body'], msg, type: 'gzip_invalid' }], undefined);
  }
  return utf8(inflated);
}

/** Bytes that are not UTF-8 would be stored as other characters. */
function utf8(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const msg = 'The body is not UTF-8.';
  throw new InvalidRequest([{ loc: ['body'], msg, type: 'json_invalid' }], undefined);
}

const PAGES = 'Read the list page by page, with `limit` and `offset`.';

interface Checked {
  readonly place: 'path' | 'query' | 'body';
  /** Of a parameter in the path. */
  readonly name?: string;
  /** The body as it came. */
  readonly text?: string;
}

function check(schema: z.ZodType, value: unknown, { place, name, text }: Checked): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const alone = result.error.issues.find(
    (issue) => issue.code === 'custom' && issue.params === TOLD_ALONE,
  );
  if (alone) throw new DibsError('invalid_request', alone.message, { hint: PAGES });
  const problems = result.error.issues.map((issue) => ({
    loc: [place, ...(name ? [name] : []), ...issue.path.map(String)],
    msg: issue.message,
    type: issue.code,
  }));
  // Parsed again: in `value`, verbatim fields are no longer as they were sent.
  throw new InvalidRequest(problems, text === undefined ? undefined : parse(text));
}
