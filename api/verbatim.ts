import { type Node, parseTree } from 'jsonc-parser';
import * as z from 'zod';
import { JsonText } from '../model/values/json-text.ts';
import { asSent, EACH, type Path, within } from './schema-path.ts';

/**
 * Fields that are kept as the JSON text in which they arrived (model/values/json-text.ts). A schema
 * marks them with `jsonObject()`, `jsonArray()` or `anyJson()`. The server cuts their text out of
 * the body before it validates, so a handler gets a JsonText where a client wrote a plain value.
 */
type Verbatim<Value> = z.ZodType<JsonText, Value>;

/** By definition, which a schema shares with its copies: `meta()` makes one. */
const marked = new WeakSet<z.ZodType['def']>();

export const jsonObject = (atMostBytes = Number.POSITIVE_INFINITY) =>
  verbatim<Record<string, unknown>>('{', 'an object', atMostBytes);
/** An object whose values are strings, numbers or booleans. */
export const flatJsonObject = (atMostBytes: number) =>
  verbatim<Record<string, string | number | boolean>>(
    '{',
    'an object of strings, numbers and booleans',
    atMostBytes,
    (json) => Object.values(json.parse() as object).every((one) => FLAT.has(typeof one)),
  );
export const jsonArray = () => verbatim<unknown[]>('[', 'an array');
export const anyJson = () => verbatim<unknown>('', 'JSON');

/** Bounds go in here: a refinement would give another schema, which is not marked. */
function verbatim<Value>(
  first: '{' | '[' | '',
  expected: string,
  atMostBytes = Number.POSITIVE_INFINITY,
  fits: (json: JsonText) => boolean = () => true,
): Verbatim<Value> {
  const bound = Number.isFinite(atMostBytes) ? ` of at most ${atMostBytes} bytes` : '';
  const schema = z
    .custom<JsonText>(
      (value) =>
        value instanceof JsonText &&
        value.text.startsWith(first) &&
        value.bytes <= atMostBytes &&
        fits(value),
      { error: `Expected ${expected}${bound}.` },
    )
    .meta(OPENAPI[first]);
  marked.add(schema.def);
  return schema as unknown as Verbatim<Value>;
}

const FLAT = new Set(['string', 'number', 'boolean']);

const OPENAPI = {
  '{': { type: 'object', additionalProperties: true },
  '[': { type: 'array', items: {} },
  '': { type: ['object', 'array', 'string', 'number', 'boolean', 'null'] },
} as const;

/** The last member of that name, as in JSON.parse. */
const member = ({ children = [] }: Node, key: string): Node | undefined =>
  children.findLast((property) => property.children?.[0]?.value === key)?.children?.[1];

/** Where the verbatim fields are in a body of this schema. Computed once per route. */
export function verbatimPaths(schema: z.ZodType, at: Path = []): Path[] {
  const sent = asSent(schema);
  if (marked.has(sent.def)) return [at];
  return within(sent).flatMap(([step, field]) => verbatimPaths(field, [...at, step]));
}

/** Each schema's paths, which are found only once. */
const pathsOf = new WeakMap<z.ZodType, Path[]>();

const STAND_INS = {
  array: new JsonText('[]'),
  object: new JsonText('{}'),
  other: new JsonText('0'),
};

/**
 * A copy of a parsed reply that its schema can check: a JsonText stands in place of every verbatim
 * field, of which only the kind of JSON is known. The text itself is not parsed a second time.
 */
export function standInForVerbatim(schema: z.ZodType, reply: unknown): unknown {
  const paths = pathsOf.get(schema) ?? verbatimPaths(schema);
  pathsOf.set(schema, paths);
  // As in cutVerbatim(): null is a value of its own only where the whole body is verbatim.
  if (reply === null && paths.some((path) => path.length === 0)) return STAND_INS.other;
  return paths.reduce(standIn, reply);
}

function standIn(value: unknown, [step, ...rest]: Path): unknown {
  if (value === null || value === undefined) return value;
  if (step === undefined) {
    if (Array.isArray(value)) return STAND_INS.array;
    return typeof value === 'object' ? STAND_INS.object : STAND_INS.other;
  }
  if (step === EACH) return Array.isArray(value) ? value.map((one) => standIn(one, rest)) : value;
  if (typeof value !== 'object' || !Object.hasOwn(value, step)) return value;
  return { ...value, [step]: standIn((value as Record<string, unknown>)[step], rest) };
}

/** `body`, as parsed from `text`, with a JsonText in place of every verbatim field. */
export function cutVerbatim(text: string, body: unknown, paths: readonly Path[]): unknown {
  if (paths.length === 0) return body;
  const root = parseTree(text, [], { disallowComments: true });
  if (!root) return body;
  if (paths.some((path) => path.length === 0)) {
    return new JsonText(text.slice(root.offset, root.offset + root.length));
  }
  for (const path of paths) cut(root, body, path);
  return body;

  function cut(node: Node, value: unknown, [step, ...rest]: Path): void {
    if (value === null || typeof value !== 'object' || step === undefined) return;
    const keys = step === EACH ? Object.keys(value) : [step];
    for (const key of keys) {
      const child = Array.isArray(value) ? node.children?.[Number(key)] : member(node, key);
      if (!child || child.type === 'null') continue;
      const holder = value as Record<string, unknown>;
      if (rest.length > 0) cut(child, holder[key], rest);
      else holder[key] = new JsonText(text.slice(child.offset, child.offset + child.length));
    }
  }
}
