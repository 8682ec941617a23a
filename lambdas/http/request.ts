import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import { anyName, TOLD_ALONE, uuid } from '../../api/fields/fields.ts';
import { relax } from '../../api/fields/lax.ts';
import { findLongList, type LongList, listBounds } from '../../api/list-bounds.ts';
import type { BodyOut, PathParameters, QueryOut, Route } from '../../api/route.ts';
import { PATH_PARAMETERS } from '../../api/routes.ts';
import { cutVerbatim, verbatimPaths } from '../../api/verbatim.ts';
import type { Identity } from '../../core/proposals/identity.ts';
import type { KeyHolder } from '../../model/access.ts';
import { DibsError } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { assertFewValues, bodyText, parseBody } from './json-body.ts';
import { InvalidRequest, type Problem } from './problems.ts';

/** A request to route R, parsed and validated. */
export interface Call<R extends Route = Route> {
  readonly path: PathParameters<R>;
  readonly query: QueryOut<R>;
  readonly body: BodyOut<R>;
  readonly identity: Identity;
  readonly caller: KeyHolder;
  /** What the client calls itself. */
  readonly userAgent: string | undefined;
  /** The request comes from a user interface, as X-Prefect-UI says: it looks, and polls nothing. */
  readonly onlyLooks: boolean;
}

/** @throws InvalidRequest if path, query or body do not match the route's schemas. */
export function readRequest(event: APIGatewayProxyEventV2, route: Route, caller: KeyHolder): Call {
  const header = (name: string) => event.headers[name];
  return {
    path: readPath(event),
    query: route.query && check(route.query, event.queryStringParameters ?? {}, { place: 'query' }),
    body: route.body && readBody(event, route.body),
    caller,
    userAgent: header('user-agent'),
    onlyLooks: header('x-prefect-ui')?.toLowerCase() === 'true',
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
  throw new InvalidRequest([problem], { body: undefined, count: 1 });
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
  const parsed = parseBody(text);
  const { verbatim, lists } = boundsOf(schema);
  const long = findLongList(parsed, lists);
  if (long) throw tooLong(long);
  const body = cutVerbatim(text, parsed, verbatim);
  assertFewValues(body);
  return check(schema, body, { place: 'body', text });
}

function tooLong({ at, length, atMost }: LongList): InvalidRequest {
  const msg = `Expected a list of at most ${atMost} items; this one has ${length}.`;
  const problem = { loc: ['body', ...at], msg, type: 'too_big' };
  return new InvalidRequest([problem], { body: undefined, count: 1 });
}

interface Bounds {
  readonly verbatim: ReturnType<typeof verbatimPaths>;
  readonly lists: ReturnType<typeof listBounds>;
}

/** Computed once per schema. */
const known = new WeakMap<z.ZodType, Bounds>();

function boundsOf(schema: z.ZodType): Bounds {
  const bounds = known.get(schema) ?? {
    verbatim: verbatimPaths(schema),
    lists: listBounds(schema),
  };
  known.set(schema, bounds);
  return bounds;
}

const PAGES = 'Read the list page by page, with `limit` and `offset`.';

interface Checked {
  readonly place: 'path' | 'query' | 'body';
  /** Of a parameter in the path. */
  readonly name?: string;
  /** The body as it came. */
  readonly text?: string;
}

/** A field that is relaxed may reveal another one: a day whose time zone is missing, for example. */
const RELAXED = 3;

function check(schema: z.ZodType, value: unknown, { place, name, text }: Checked): unknown {
  let result = schema.safeParse(value);
  for (let tries = 0; !result.success && tries < RELAXED && place === 'body'; tries++) {
    if (!relax(value, result.error.issues)) break;
    result = schema.safeParse(value);
  }
  if (result.success) return result.data;
  const alone = result.error.issues.find(
    (issue) => issue.code === 'custom' && issue.params === TOLD_ALONE,
  );
  if (alone) throw new DibsError('invalid_request', alone.message, { hint: PAGES });
  const { issues } = result.error;
  const problems = issues.slice(0, NUMBERS.faultsShown).map(
    (issue): Problem => ({
      loc: [place, ...(name ? [name] : []), ...issue.path.map((step) => short(String(step)))],
      msg: short(issue.message),
      type: issue.code,
    }),
  );
  // Parsed again: in `value`, verbatim fields are no longer as they were sent.
  const isShown = text !== undefined && text.length <= NUMBERS.bodyEchoed;
  const sent: unknown = isShown ? JSON.parse(text) : undefined;
  throw new InvalidRequest(problems, { body: sent, count: issues.length });
}

/** A key or a message that a caller chose may be as long as the body. */
const short = (text: string): string => (text.length > 500 ? `${text.slice(0, 500)}…` : text);
