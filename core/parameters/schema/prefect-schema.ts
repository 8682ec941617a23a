import { isObject, type JsonObject } from './json.ts';

type Open = Record<string, unknown>;

/**
 * A copy of a schema with what Prefect changes before it checks values: an optional property may be
 * null, the items of a tuple may be a list, and a parameter of a block's type may name a saved block.
 */
export function prepared(schema: unknown, { nullForDefaults = false } = {}): JsonObject {
  if (!isObject(schema)) return {};
  const copy = structuredClone(schema);
  prepareProperties(copy, nullForDefaults);
  const { definitions } = copy as { definitions?: unknown };
  if (!isObject(definitions)) return copy;
  for (const [name, definition] of Object.entries(definitions)) {
    if (!isObject(definition)) continue;
    prepareProperties(definition, nullForDefaults);
    if (!('block_type_slug' in definition)) continue;
    const { title } = definition;
    const named = typeof title === 'string' ? title : name;
    (definitions as Open)[named] = { oneOf: [definition, SAVED_BLOCK] };
  }
  return copy;
}

const SAVED_BLOCK = {
  type: 'object',
  properties: {
    $ref: {
      oneOf: [
        { type: 'string', format: 'uuid' },
        { type: 'object', additionalProperties: { type: 'string' }, minProperties: 1 },
      ],
    },
  },
  required: ['$ref'],
};

function prepareProperties({ properties, required }: JsonObject, nullForDefaults: boolean): void {
  if (!isObject(properties)) return;
  const needed = Array.isArray(required) ? required : [];
  for (const [name, property] of Object.entries(properties)) {
    if (!isObject(property)) continue;
    allowTuple(property);
    if (!needed.includes(name)) allowNull(property, nullForDefaults);
    prepareProperties(property, nullForDefaults);
  }
}

function allowNull(property: Open, nullForDefaults: boolean): void {
  const { type } = property;
  if (type === undefined || type === 'null') return;
  if ('default' in property && !nullForDefaults) return;
  property['anyOf'] = [{ type }, { type: 'null' }];
  delete property['type'];
}

function allowTuple(property: Open): void {
  const { items, prefixItems } = property;
  if (!Array.isArray(items) || items.length === 0 || prefixItems) return;
  property['prefixItems'] = items;
  delete property['items'];
}

/** Without what it says of required members, at any depth, as Prefect leaves it out. */
export function withoutRequired(schema: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => key !== 'required')
      .map(([key, value]) => [key, isObject(value) ? withoutRequired(value) : value]),
  );
}
