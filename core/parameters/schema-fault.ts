import { type Schema, Validator } from '@cfworker/json-schema';

/** What a JSON schema looks like, as far as people get it wrong. */
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

/** Why this is no JSON schema, in words; undefined where it is one. */
export function schemaFault(schema: unknown): string | undefined {
  const { valid, errors } = validator.validate(schema);
  const deepest = errors.at(-1);
  return valid ? undefined : `${deepest?.instanceLocation}: ${deepest?.error}`;
}
