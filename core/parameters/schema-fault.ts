import { type Schema, Validator } from '@cfworker/json-schema';

/** A schema of JSON schemas, limited to the parts in which mistakes are common. */
const SCHEMAS: Schema = {
  $ref: '#/$defs/schema',
  $defs: {
    type: {
      enum: ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'],
    },
    several: { type: 'array', items: { $ref: '#/$defs/schema' } },
    named: { type: 'object', additionalProperties: { $ref: '#/$defs/schema' } },
    schema: {
      type: ['object', 'boolean'],
      properties: {
        type: {
          anyOf: [{ $ref: '#/$defs/type' }, { type: 'array', items: { $ref: '#/$defs/type' } }],
        },
        properties: { $ref: '#/$defs/named' },
        definitions: { $ref: '#/$defs/named' },
        $defs: { $ref: '#/$defs/named' },
        anyOf: { $ref: '#/$defs/several' },
        allOf: { $ref: '#/$defs/several' },
        oneOf: { $ref: '#/$defs/several' },
        required: { type: 'array', items: { type: 'string' } },
      },
    },
  },
};

const validator = new Validator(SCHEMAS, '2020-12', false);

/** Why this is not a valid JSON schema; undefined if it is one. */
export function schemaFault(schema: unknown): string | undefined {
  const { valid, errors } = validator.validate(schema);
  const deepest = errors.at(-1);
  return valid ? undefined : `${deepest?.instanceLocation}: ${deepest?.error}`;
}
