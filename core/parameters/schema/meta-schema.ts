import type { JsonObject } from './json.ts';

const SCHEMA = { $ref: '#' };
const NAMED = { type: 'object', additionalProperties: SCHEMA };
const SEVERAL = { type: 'array', minItems: 1, items: SCHEMA };
const COUNT = { type: 'integer', minimum: 0 };
const TEXT = { type: 'string' };
const TEXTS = { type: 'array', items: TEXT, uniqueItems: true };
const ANCHOR = { type: 'string', pattern: '^[A-Za-z_][-A-Za-z0-9._]*$' };
const NUMBER = { type: 'number' };
const FLAG = { type: 'boolean' };
const PATTERN = { type: 'string', format: 'regex' };
const TYPE = { enum: ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'] };

const part = (properties: JsonObject) => ({ type: ['object', 'boolean'], properties });

/**
 * The schema of JSON schemas, draft 2020-12: its seven parts in their order, so that of several
 * mistakes the same one is named first as by jsonschema.
 */
export const META_SCHEMA: JsonObject = {
  allOf: [
    part({
      $id: { type: 'string', pattern: '^[^#]*#?$' },
      $schema: TEXT,
      $ref: TEXT,
      $anchor: ANCHOR,
      $dynamicRef: TEXT,
      $dynamicAnchor: ANCHOR,
      $vocabulary: { type: 'object', additionalProperties: FLAG },
      $comment: TEXT,
      $defs: NAMED,
    }),
    part({
      prefixItems: SEVERAL,
      items: SCHEMA,
      contains: SCHEMA,
      additionalProperties: SCHEMA,
      properties: NAMED,
      patternProperties: { ...NAMED, propertyNames: { format: 'regex' } },
      dependentSchemas: NAMED,
      propertyNames: SCHEMA,
      if: SCHEMA,
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: SCHEMA,
      else: SCHEMA,
      allOf: SEVERAL,
      anyOf: SEVERAL,
      oneOf: SEVERAL,
      not: SCHEMA,
    }),
    part({ unevaluatedItems: SCHEMA, unevaluatedProperties: SCHEMA }),
    part({
      type: { anyOf: [TYPE, { type: 'array', items: TYPE, minItems: 1, uniqueItems: true }] },
      enum: { type: 'array' },
      multipleOf: { type: 'number', exclusiveMinimum: 0 },
      maximum: NUMBER,
      exclusiveMaximum: NUMBER,
      minimum: NUMBER,
      exclusiveMinimum: NUMBER,
      maxLength: COUNT,
      minLength: COUNT,
      pattern: PATTERN,
      maxItems: COUNT,
      minItems: COUNT,
      uniqueItems: FLAG,
      maxContains: COUNT,
      minContains: COUNT,
      maxProperties: COUNT,
      minProperties: COUNT,
      required: TEXTS,
      dependentRequired: { type: 'object', additionalProperties: TEXTS },
    }),
    part({
      title: TEXT,
      description: TEXT,
      deprecated: FLAG,
      readOnly: FLAG,
      writeOnly: FLAG,
      examples: { type: 'array' },
    }),
    part({ format: TEXT }),
    part({ contentEncoding: TEXT, contentMediaType: TEXT, contentSchema: SCHEMA }),
  ],
  type: ['object', 'boolean'],
  properties: {
    definitions: NAMED,
    dependencies: { type: 'object', additionalProperties: { anyOf: [SCHEMA, TEXTS] } },
    $recursiveAnchor: ANCHOR,
    $recursiveRef: TEXT,
  },
};
