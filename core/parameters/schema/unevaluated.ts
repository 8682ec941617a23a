import { fault } from './fault.ts';
import { isObject, type JsonObject, type Schema } from './json.ts';
import { pythonText as text } from './python-text.ts';
import type { KeywordOf, Place } from './validation.ts';

/** The two keywords that look at what all others of a schema have seen. */
export const UNEVALUATED: Readonly<Record<string, KeywordOf>> = {
  unevaluatedItems: {
    about: 'array',
    *check(at: Place, _wanted: Schema, instance: unknown[], schema: JsonObject) {
      const seen = itemsSeen(at, instance, schema);
      const rest = instance.filter((_, index) => !seen.has(index));
      if (rest.length > 0)
        yield fault(() => `Unevaluated items are not allowed (${were(rest)} unexpected)`);
    },
  },
  unevaluatedProperties: {
    about: 'object',
    *check(at: Place, wanted: Schema, instance: JsonObject, schema: JsonObject) {
      const seen = namesSeen(at, instance, schema);
      const rest = Object.keys(instance).filter(
        (name) => !seen.has(name) && !at.fits(instance[name], wanted),
      );
      if (rest.length === 0) return;
      yield fault(() =>
        wanted === false
          ? `Unevaluated properties are not allowed (${were(rest.sort())} unexpected)`
          : `Unevaluated properties are not valid under the given schema (${were(rest)} unevaluated and invalid)`,
      );
    },
  },
};

const were = (rest: readonly unknown[]): string =>
  `${rest.slice(0, 20).map(text).join(', ')} ${rest.length === 1 ? 'was' : 'were'}`;

function itemsSeen(at: Place, instance: readonly unknown[], schema: Schema): Set<number> {
  const seen = new Set<number>();
  if (!isObject(schema)) return seen;
  if ('items' in schema) return new Set(instance.keys());
  for (const one of subschemas(at, instance, schema)) {
    for (const index of itemsSeen(one.at, instance, one.schema)) seen.add(index);
  }
  const prefix = (schema['prefixItems'] as unknown[] | undefined) ?? [];
  for (const index of prefix.keys()) seen.add(index);
  for (const keyword of ['contains', 'unevaluatedItems']) {
    const wanted = schema[keyword] as Schema | undefined;
    if (wanted === undefined) continue;
    for (const [index, one] of instance.entries()) if (at.fits(one, wanted)) seen.add(index);
  }
  return seen;
}

function namesSeen(at: Place, instance: JsonObject, schema: Schema): Set<string> {
  const seen = new Set<string>();
  if (!isObject(schema)) return seen;
  for (const one of subschemas(at, instance, schema)) {
    for (const name of namesSeen(one.at, instance, one.schema)) seen.add(name);
  }
  const patterns = Object.keys((schema['patternProperties'] as object | undefined) ?? {});
  for (const [name, value] of Object.entries(instance)) {
    at.of.steps.take(1);
    const isSeen =
      Object.hasOwn((schema['properties'] as object | undefined) ?? {}, name) ||
      patterns.some((pattern) => at.matches(pattern, name)) ||
      ['additionalProperties', 'unevaluatedProperties'].some(
        (keyword) => schema[keyword] !== undefined && at.fits(value, schema[keyword] as Schema),
      );
    if (isSeen) seen.add(name);
  }
  for (const [name, inside] of Object.entries(
    (schema['dependentSchemas'] as object | undefined) ?? {},
  )) {
    if (!Object.hasOwn(instance, name)) continue;
    for (const one of namesSeen(at, instance, inside as Schema)) seen.add(one);
  }
  return seen;
}

/** The schemas beside this one that apply to the value, and count for what is seen. */
function* subschemas(
  at: Place,
  instance: unknown,
  schema: JsonObject,
): Generator<{ at: Place; schema: Schema }> {
  at.of.steps.take(1);
  for (const keyword of ['$ref', '$dynamicRef']) {
    const reference = schema[keyword];
    if (typeof reference === 'string') yield at.follow(reference);
  }
  for (const keyword of ['allOf', 'oneOf', 'anyOf']) {
    for (const one of (schema[keyword] as Schema[] | undefined) ?? []) {
      if (at.fits(instance, one)) yield { at, schema: one };
    }
  }
  const { if: condition } = schema;
  if (condition === undefined) return;
  const fits = at.fits(instance, condition as Schema);
  if (fits) yield { at, schema: condition as Schema };
  const next = fits ? schema['then'] : schema['else'];
  if (next !== undefined) yield { at, schema: next as Schema };
}
