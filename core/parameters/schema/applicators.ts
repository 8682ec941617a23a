import { type Fault, fault } from './fault.ts';
import { isObject, type JsonObject, type Schema } from './json.ts';
import { pythonText as text } from './python-text.ts';
import type { KeywordOf, Place } from './validation.ts';

type Schemas = Readonly<Record<string, Schema>>;

/** Keywords that apply other schemas, to the same value or to parts of it. */
export const APPLICATORS: Readonly<Record<string, KeywordOf>> = {
  $ref: { check: (at: Place, wanted: string, instance: unknown) => at.refer(wanted, instance) },
  $dynamicRef: {
    check: (at: Place, wanted: string, instance: unknown) => at.refer(wanted, instance),
  },
  properties: {
    about: 'object',
    *check(at: Place, wanted: Schemas, instance: JsonObject) {
      for (const [name, schema] of Object.entries(wanted)) {
        at.of.steps.take(1);
        if (Object.hasOwn(instance, name)) yield* at.descend(instance[name], schema, name);
      }
    },
  },
  patternProperties: {
    about: 'object',
    *check(at: Place, wanted: Schemas, instance: JsonObject) {
      for (const [pattern, schema] of Object.entries(wanted)) {
        for (const [name, value] of Object.entries(instance)) {
          if (at.matches(pattern, name)) yield* at.descend(value, schema, name);
        }
      }
    },
  },
  additionalProperties: {
    about: 'object',
    *check(at: Place, wanted: Schema, instance: JsonObject, schema: JsonObject) {
      const extras = extrasOf(at, instance, schema);
      if (isObject(wanted)) {
        for (const name of extras) yield* at.descend(instance[name], wanted, name);
      } else if (!wanted && extras.length > 0) {
        yield fault(() => unexpected(extras, schema['patternProperties']));
      }
    },
  },
  propertyNames: {
    about: 'object',
    *check(at: Place, wanted: Schema, instance: JsonObject) {
      for (const name of Object.keys(instance)) yield* at.descend(name, wanted);
    },
  },
  dependentSchemas: {
    about: 'object',
    *check(at: Place, wanted: Schemas, instance: JsonObject) {
      for (const [name, schema] of Object.entries(wanted)) {
        at.of.steps.take(1);
        if (Object.hasOwn(instance, name)) yield* at.descend(instance, schema);
      }
    },
  },
  prefixItems: {
    about: 'array',
    *check(at: Place, wanted: Schema[], instance: unknown[]) {
      for (const [index, schema] of wanted.slice(0, instance.length).entries()) {
        yield* at.descend(instance[index], schema, index);
      }
    },
  },
  items: {
    about: 'array',
    *check(at: Place, wanted: Schema, instance: unknown[], schema: JsonObject) {
      const prefix = ((schema['prefixItems'] as unknown[] | undefined) ?? []).length;
      if (wanted !== false) {
        for (let index = prefix; index < instance.length; index++) {
          yield* at.descend(instance[index], wanted, index);
        }
      } else if (instance.length > prefix) {
        const rest = instance.slice(prefix);
        const extra = text(rest.length === 1 ? rest[0] : rest);
        const most = `${prefix} ${prefix === 1 ? 'item' : 'items'}`;
        yield fault(() => `Expected at most ${most} but found ${rest.length} extra: ${extra}`);
      }
    },
  },
  contains: { about: 'array', check: contains },
  allOf: {
    *check(at: Place, wanted: Schema[], instance: unknown) {
      for (const schema of wanted) yield* at.descend(instance, schema);
    },
  },
  anyOf: {
    *check(at: Place, wanted: Schema[], instance: unknown) {
      const { fitting, faults } = firstFitting(at, wanted, instance);
      if (fitting === undefined) yield noneOf(instance, faults);
    },
  },
  oneOf: {
    *check(at: Place, wanted: Schema[], instance: unknown) {
      const { fitting, faults } = firstFitting(at, wanted, instance);
      if (fitting === undefined) {
        yield noneOf(instance, faults);
        return;
      }
      const more = wanted.slice(fitting + 1).filter((schema) => at.fits(instance, schema));
      if (more.length === 0) return;
      const all = [...more, wanted[fitting]].map(text).join(', ');
      yield fault(() => `${text(instance)} is valid under each of ${all}`);
    },
  },
  not: {
    *check(at: Place, wanted: Schema, instance: unknown) {
      if (!at.fits(instance, wanted)) return;
      yield fault(() => `${text(instance)} should not be valid under ${text(wanted)}`);
    },
  },
  if: {
    *check(at: Place, wanted: Schema, instance: unknown, schema: JsonObject) {
      const next = at.fits(instance, wanted) ? schema['then'] : schema['else'];
      if (next !== undefined) yield* at.descend(instance, next as Schema);
    },
  },
};

/** The first alternative that the value fits, and what the ones before it find wrong. */
function firstFitting(at: Place, schemas: readonly Schema[], instance: unknown) {
  const faults: Fault[] = [];
  for (const [index, schema] of schemas.entries()) {
    const found = [...at.descend(instance, schema)];
    if (found.length === 0) return { fitting: index, faults };
    faults.push(...found);
  }
  return { fitting: undefined, faults };
}

const noneOf = (instance: unknown, faults: readonly Fault[]): Fault =>
  fault(() => `${text(instance)} is not valid under any of the given schemas`, faults);

function* contains(
  at: Place,
  wanted: Schema,
  instance: unknown[],
  {
    minContains = 1,
    maxContains = instance.length,
  }: { minContains?: number; maxContains?: number },
): Generator<Fault> {
  let matches = 0;
  for (const one of instance) {
    if (!at.fits(one, wanted) || ++matches <= maxContains) continue;
    yield fault(() => `Too many items match the given schema (expected at most ${maxContains})`);
    return;
  }
  if (matches >= minContains) return;
  yield fault(() =>
    matches === 0
      ? `${text(instance)} does not contain items matching the given schema`
      : `Too few items match the given schema (expected at least ${minContains} but only ${matches} matched)`,
  );
}

/** The members that neither `properties` nor `patternProperties` is about. */
function extrasOf(at: Place, instance: JsonObject, schema: JsonObject): string[] {
  const { properties = {}, patternProperties = {} } = schema;
  const patterns = Object.keys(patternProperties as object);
  return Object.keys(instance).filter((name) => {
    at.of.steps.take(1);
    if (Object.hasOwn(properties as object, name)) return false;
    return !patterns.some((pattern) => at.matches(pattern, name));
  });
}

function unexpected(extras: readonly string[], patterns: unknown): string {
  const names = listed([...extras].sort());
  if (!isObject(patterns)) {
    return `Additional properties are not allowed (${names} ${extras.length === 1 ? 'was' : 'were'} unexpected)`;
  }
  const verb = extras.length === 1 ? 'does' : 'do';
  return `${names} ${verb} not match any of the regexes: ${listed(Object.keys(patterns).sort())}`;
}

const listed = (names: readonly unknown[]): string => {
  const shown = names.slice(0, 20).map(text).join(', ');
  return names.length > 20 ? `${shown}, ...` : shown;
};
