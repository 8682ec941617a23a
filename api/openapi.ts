import * as z from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi';
import { ERROR_CODES } from '../model/values/errors.ts';
import { NUMBERS } from '../model/values/numbers.ts';
import type { Route } from './route.ts';
import { PATH_PARAMETERS, ROUTES } from './routes.ts';
import { contentTypeOf } from './text-file.ts';

/** The route table as an OpenAPI 3.1 document. It is made at build time, never in a Lambda. */
export function openapiDocument(): ReturnType<typeof createDocument> {
  const paths: ZodOpenApiPathsObject = {};
  for (const [name, route] of Object.entries(ROUTES) as Array<[string, Route]>) {
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operation(name, route),
    };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'dibs',
      version: '0.1.0',
      description:
        'Work pools: exactly one agent claims each run. Requests and responses follow Prefect 3. ' +
        `A body has at most ${NUMBERS.bodyBytes} bytes after it was inflated, ${NUMBERS.bodyValues} ` +
        `values, ${NUMBERS.checkedValues} of them outside of free JSON, ${NUMBERS.jsonDepth} levels ` +
        `of nesting, and ${NUMBERS.listItems} items in a list that has no other bound.`,
    },
    paths,
  });
}

function operation(name: string, route: Route): ZodOpenApiOperationObject {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, parameter = '']) => parameter);
  const replies = Object.entries(route.replies).map(([status, schema]) => [
    status,
    {
      description: route.summary,
      ...(schema ? { content: { [contentTypeOf(schema)]: { schema } } } : {}),
    },
  ]);
  return {
    operationId: name,
    summary: route.summary,
    ...(inPath.length > 0 || route.query
      ? {
          requestParams: {
            ...(inPath.length > 0 ? { path: objectOf(inPath) } : {}),
            ...(route.query ? { query: route.query as z.ZodObject } : {}),
          },
        }
      : {}),
    ...(route.body ? { requestBody: { content: json(route.body) } } : {}),
    responses: {
      ...Object.fromEntries(replies),
      '4XX': {
        description: 'What the server expected, what it found, and what to do.',
        content: json(Problem),
      },
      501: {
        description: 'The request uses a feature that does not exist yet (`not_supported`).',
        content: json(Problem),
      },
      503: {
        description:
          'The database is slow or busy. Send the request again after `Retry-After` seconds.',
        headers: {
          'Retry-After': { schema: { type: 'integer' }, description: 'Seconds to wait.' },
        },
        content: json(Problem),
      },
    },
  };
}

const json = (schema: z.ZodType) => ({ 'application/json': { schema } });

const objectOf = (names: readonly string[]) =>
  z.object(
    Object.fromEntries(
      names.map((name) => [name, PATH_PARAMETERS[name as keyof typeof PATH_PARAMETERS]]),
    ),
  );

const Problem = z
  .looseObject({
    detail: z.string().optional(),
    exception_message: z.string().optional(),
    code: z.enum(ERROR_CODES),
    hint: z.string().nullable(),
  })
  .meta({ id: 'Problem' });
