import type * as z from 'zod';
import type { Route } from '../api/route.ts';
import { contentTypeOf } from '../api/text-file.ts';
import { standInForVerbatim } from '../api/verbatim.ts';
import { parseExactly } from './exact-json.ts';

/** What came in reply to a request. */
export interface Received {
  readonly status: number;
  /** Without parameters, in lower case. Empty if there is none. */
  readonly type: string;
  /** Where a redirect leads. */
  readonly location: string | undefined;
  readonly text: string;
}

/** Either the body of a reply, or a sentence that says why this is no reply of the API. */
export type Checked = { readonly body: unknown } | { readonly fault: string };

export interface CheckOptions {
  readonly exactNumbers?: boolean;
  /** Any JSON counts as a reply. */
  readonly anyShape?: boolean;
}

/**
 * Checks a good status and its body against the route's schema. A proxy, a login page or another
 * server may answer 200 as well, and nobody may act on that. The body is returned as it was sent,
 * with fields that this version does not know.
 */
export function checkReply(
  { replies }: Route,
  { status, type, text }: Received,
  { exactNumbers = false, anyShape = false }: CheckOptions,
): Checked {
  const schema = replies[status];
  if (schema === undefined && !anyShape) {
    return { fault: `the status ${Object.keys(replies).join(' or ')} was expected` };
  }
  if (text === '' && (anyShape || schema === null)) return { body: undefined };
  if (schema && !anyShape && contentTypeOf(schema) !== JSON_TYPE) {
    const expected = contentTypeOf(schema);
    return type === expected ? { body: text } : { fault: `${expected} was expected` };
  }
  if (!isJson(type)) return { fault: `${JSON_TYPE} was expected` };
  const plain = parse(text);
  if (plain === undefined) return { fault: 'the JSON is not complete' };
  const body = exactNumbers ? parseExactly(text) : plain.value;
  const fault = anyShape ? undefined : faultOf(schema ?? null, plain.value);
  return fault === undefined ? { body } : { fault };
}

const JSON_TYPE = 'application/json';

/** Also true for `application/problem+json`. */
export const isJson = (type: string): boolean => type === JSON_TYPE || type.endsWith('+json');

/** undefined if the text is no JSON. */
export function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function faultOf(schema: z.ZodType | null, value: unknown): string | undefined {
  // Prefect's servers send `null` where there is nothing to say.
  if (schema === null) return value === null ? undefined : 'an empty body was expected';
  const issue = schema.safeParse(standInForVerbatim(schema, value)).error?.issues[0];
  if (!issue) return undefined;
  // The sentence names places and types. It holds no value, which may be a secret.
  const at = issue.path.length > 0 ? ` at ${issue.path.map(String).join('.')}` : '';
  return `its JSON is not what this request is answered with${at}: ${issue.message}`;
}
