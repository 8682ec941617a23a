import type { Random } from '../random.ts';
import { patternOf, textFor } from './pattern-cases.ts';

type Json = unknown;
type Schema = Record<string, Json>;

const NAMES = ['a', 'b', 'when', 'x y', '$ref', 'required', 'type', '1'];
const TYPES = ['string', 'integer', 'number', 'boolean', 'null', 'array', 'object'];
const FORMATS = ['date-time', 'date', 'time', 'duration', 'uuid', 'uri', 'email', 'ipv4', 'regex'];
const DEFINED = ['Model', 'Block', 'Other'];

/** The schema of a flow's parameters, or of a pool's job variables, and such as people write. */
export function schemaOf(random: Random): Schema {
  const schema: Schema = { type: 'object', ...members(random, 3) };
  const where = random.pick(['definitions', 'definitions', '$defs']);
  if (random.chance(0.5)) {
    schema[where] = {
      Model: { title: 'Model', type: 'object', ...members(random, 1) },
      Block: {
        title: 'Block',
        type: 'object',
        block_type_slug: 'block',
        properties: { key: { type: 'string' }, note: { type: 'string' } },
        required: ['key'],
      },
      Other: property(random, 1),
    };
  }
  return schema;
}

function members(random: Random, depth: number): Schema {
  const names = [...new Set(random.several(4, () => random.pick(NAMES)))];
  const properties = Object.fromEntries(names.map((name) => [name, property(random, depth)]));
  const required = names.filter(() => random.chance(0.3));
  return {
    properties,
    ...(required.length > 0 ? { required } : {}),
    ...(random.chance(0.15)
      ? { additionalProperties: random.pick([false, { type: 'string' }]) }
      : {}),
    ...(random.chance(0.05) ? { minProperties: random.below(3) } : {}),
    ...(random.chance(0.05) ? { propertyNames: { pattern: patternOf(random) } } : {}),
    ...(random.chance(0.05)
      ? { patternProperties: { [patternOf(random)]: property(random, 0) } }
      : {}),
    ...(random.chance(0.04) ? { unevaluatedProperties: false } : {}),
    ...(random.chance(0.04) ? { dependentRequired: { a: ['b'] } } : {}),
  };
}

function property(random: Random, depth: number): Schema {
  const schema = inner(random, depth);
  if (random.chance(0.3)) schema['title'] = random.pick(NAMES);
  if (random.chance(0.25))
    schema['default'] = random.chance(0.8) ? likely(random, schema, schema) : anything(random, 1);
  return schema;
}

function inner(random: Random, depth: number): Schema {
  const dice = random.next();
  if (dice < 0.12) {
    const $ref = `#/${random.pick(['definitions', 'definitions', '$defs'])}/${random.pick(DEFINED)}`;
    return random.chance(0.5) ? { $ref } : { allOf: [{ $ref }] };
  }
  if (depth > 0 && dice < 0.3) {
    const keyword = random.pick(['anyOf', 'anyOf', 'anyOf', 'oneOf', 'allOf']);
    return {
      [keyword]: [
        inner(random, depth - 1),
        random.chance(0.5) ? { type: 'null' } : inner(random, depth - 1),
      ],
    };
  }
  if (dice < 0.34) return { enum: random.several(3, () => anything(random, 1)) };
  if (dice < 0.37) return { const: anything(random, 1) };
  if (dice < 0.39) return { not: inner(random, 0) };
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  if (dice < 0.41) return { if: inner(random, 0), then: inner(random, 0), else: inner(random, 0) };
  if (dice < 0.44) return {};
  const type = random.chance(0.9) ? random.pick(TYPES) : [random.pick(TYPES), 'null'];
  return { type: random.chance(0.01) ? 'nonsense' : type, ...ofType(random, String(type), depth) };
}

function ofType(random: Random, type: string, depth: number): Schema {
  const more: Schema = {};
  const maybe = (keyword: string, make: () => Json) => {
    if (random.chance(0.25)) more[keyword] = make();
  };
  if (type.startsWith('string')) {
    maybe('format', () => random.pick(FORMATS));
    maybe('pattern', () => patternOf(random));
    maybe('minLength', () => random.below(4));
    maybe('maxLength', () => random.below(6));
  } else if (type.startsWith('integer') || type.startsWith('number')) {
    maybe('minimum', () => random.pick([-1, 0, 2.5, 10]));
    maybe('exclusiveMaximum', () => random.pick([0, 3, 100]));
    maybe('multipleOf', () => random.pick([1, 2, 0.1, 0.01, 0.5, 3]));
  } else if (type.startsWith('array')) {
    const items = () => (depth > 0 ? inner(random, depth - 1) : { type: random.pick(TYPES) });
    if (random.chance(0.7)) more['items'] = random.chance(0.15) ? [items(), items()] : items();
    maybe('prefixItems', () => [items()]);
    maybe('minItems', () => random.below(3));
    maybe('maxItems', () => random.below(4));
    maybe('uniqueItems', () => random.chance(0.8));
    if (random.chance(0.1)) more['contains'] = items();
    if (random.chance(0.05)) more['unevaluatedItems'] = false;
  } else if (type.startsWith('object') && depth > 0)
    Object.assign(more, members(random, depth - 1));
  return more;
}

/** A value that fits the schema more or less. */
export function valueFor(random: Random, schema: Schema): Record<string, Json> {
  const value = likely(random, schema, schema) as Record<string, Json>;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function likely(random: Random, schema: Schema, root: Schema): Json {
  if (random.chance(0.06)) return anything(random, 2);
  if (random.chance(0.06)) return null;
  if (Array.isArray(schema['enum']) && schema['enum'].length > 0)
    return random.pick(schema['enum'] as Json[]);
  if ('const' in schema) return schema['const'];
  for (const keyword of ['anyOf', 'oneOf', 'allOf']) {
    const all = schema[keyword];
    if (Array.isArray(all) && all.length > 0)
      return likely(random, random.pick(all) as Schema, root);
  }
  const reference = schema['$ref'];
  if (typeof reference === 'string') return referred(random, reference, root);
  const type = [schema['type'] ?? random.pick(TYPES)].flat()[0];
  switch (type) {
    case 'string':
      return random.pick([
        textFor(random, String(schema['pattern'] ?? 'ab')),
        ...['2026-01-01T09:00:00', '2026-01-01', 'P1D', '1 day', 'not a uuid', 'ä@b.c', 'a b'],
      ]);
    case 'integer':
      return random.pick([0, 1, -1, 3, 10, 100, 2.5]);
    case 'number':
      return random.pick([0, 0.3, 0.5, 1.5, -2, 1e300, 7]);
    case 'boolean':
      return random.chance(0.5);
    case 'null':
      return null;
    case 'array': {
      const items = (Array.isArray(schema['items']) ? schema['items'][0] : schema['items']) ?? {};
      return random.several(4, () => likely(random, items as Schema, root));
    }
    default:
      return object(random, schema, root);
  }
}

function referred(random: Random, reference: string, root: Schema): Json {
  if (random.chance(0.2)) {
    return { $ref: random.pick<Json>([{ block_document_id: 'an id' }, 'an id', 3, {}, { a: 1 }]) };
  }
  const [, where = '', name = ''] = reference.split('/');
  const target = (root[where] as Record<string, Schema> | undefined)?.[name];
  return target && random.chance(0.9) ? likely(random, { ...target, $ref: undefined }, root) : null;
}

function object(random: Random, schema: Schema, root: Schema): Json {
  const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
  const given = Object.entries(properties).filter(() => random.chance(0.85));
  const value = Object.fromEntries(
    given.map(([name, inside]) => [name, likely(random, inside, root)]),
  );
  if (random.chance(0.1)) value[random.pick(NAMES)] = anything(random, 1);
  return value;
}

function anything(random: Random, depth: number): Json {
  const dice = random.next();
  if (depth > 0 && dice < 0.15) return random.several(3, () => anything(random, depth - 1));
  if (depth > 0 && dice < 0.3) {
    return Object.fromEntries(
      random.several(2, () => [random.pick(NAMES), anything(random, depth - 1)]),
    );
  }
  return random.pick<Json>([
    null,
    true,
    false,
    0,
    1,
    -1,
    1.5,
    1e20,
    '',
    'a',
    "it's",
    'ü"',
    '😀',
    '2026-01-01',
  ]);
}
