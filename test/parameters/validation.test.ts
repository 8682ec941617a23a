import { expect, test } from 'vitest';
import { refusal } from '../../core/parameters/schema/check.ts';
import { prepared } from '../../core/parameters/schema/prefect-schema.ts';

const PERSON = { type: 'object', properties: { tags: { type: 'array' } }, title: 'Person' };
const CREDENTIALS = {
  title: 'Credentials',
  type: 'object',
  block_type_slug: 'credentials',
  properties: { key: { type: 'string' } },
  required: ['key'],
};
const ID = '5f3c1f5e-0f6b-4c56-8a0a-2f0b9a3d7f10';

/** A schema with one parameter x. */
const x = (property: object, more: object = {}) => ({
  type: 'object',
  properties: { x: property },
  ...more,
});
const tree = {
  properties: { x: { $ref: '#/$defs/node' } },
  $defs: {
    node: {
      type: 'object',
      properties: { next: { $ref: '#/$defs/node' } },
      additionalProperties: false,
    },
  },
};

/** What jsonschema 4.26 takes, as Prefect 3.8.8 and 3.9.1 call it. */
const TAKEN: readonly [string, object, unknown][] = [
  ['a datetime without a zone', x({ type: 'string', format: 'date-time' }), '2026-01-01T09:00:00'],
  ['a datetime without seconds', x({ type: 'string', format: 'date-time' }), '2026-01-01T09:00Z'],
  ['an hour', x({ type: 'string', format: 'time' }), '09:00'],
  ['a duration in words', x({ type: 'string', format: 'duration' }), '1 day'],
  ['an id that is none', x({ type: 'string', format: 'uuid' }), 'nope'],
  ['an address with a space', x({ type: 'string', format: 'uri' }), 'a b {c}'],
  ['null for an optional parameter', x({ type: 'integer' }), null],
  ['null inside an optional object', x(PERSON), { tags: null }],
  ['3.0 as an integer', x({ type: 'integer' }), 3.0],
  ['0.5 as a multiple of 0.1', x({ multipleOf: 0.1 }), 0.5],
  ['a pair of Pydantic 1', x({ type: 'array', items: [{ type: 'string' }] }), ['a', 1]],
  ['a character beyond the basic plane as one', x({ maxLength: 1 }), '😀'],
  ['a saved block', block(), { $ref: { block_document_id: ID } }],
  ['a saved block by its bare id', block(), { $ref: ID }],
  ['a block itself', block(), { key: 'k' }],
  ['1 and true as different', x({ uniqueItems: true }), [1, true, [1], [true]]],
  ['a member that a pattern names', x({ patternProperties: { '^a': true } }), { ab: 1 }],
  ['a schema within itself', tree, { next: { next: {} } }],
  ['keywords for other types', x({ minLength: 3, minimum: 3, minItems: 3 }), true],
];
function block() {
  return {
    ...x({ allOf: [{ $ref: '#/definitions/Credentials' }] }),
    definitions: { Credentials: CREDENTIALS },
  };
}

test.each(TAKEN)('taken: %s', (_, schema, value) => {
  expect(refusal(prepared(structuredClone(schema)), { x: value })).toBeUndefined();
});

const field = (why: string) => `Validation failed for field 'x'. Failure reason: ${why}`;
const REFUSED: readonly [object, unknown, string][] = [
  [x({ type: 'integer' }), 'a', field("'a' is not valid under any of the given schemas")],
  [
    x({ type: ['integer', 'null'], default: 1 }),
    true,
    field("True is not of type 'integer', 'null'"),
  ],
  [x({ type: 'integer' }, { required: ['x'] }), null, field("None is not of type 'integer'")],
  [x({ type: 'integer', default: 3 }), null, field("None is not of type 'integer'")],
  [x({ enum: ['a', 1] }), "it's", field(`"it's" is not one of ['a', 1]`)],
  [x({ const: { a: null } }), 1, field("{'a': None} was expected")],
  [x({ minimum: 3 }), 2.5, field('2.5 is less than the minimum of 3')],
  [x({ exclusiveMaximum: 3 }), 3, field('3 is greater than or equal to the maximum of 3')],
  [x({ multipleOf: 0.1 }), 0.3, field('0.3 is not a multiple of 0.1')],
  [x({ enum: [1] }), 'a\u00a0ü\n', field("'a\\xa0ü\\n' is not one of [1]")],
  [x({ minLength: 1 }), '', field("'' should be non-empty")],
  [x({ maxItems: 1 }), [1, 2], field('[1, 2] is too long')],
  [
    x({ uniqueItems: true }),
    [1, { a: 2 }, { a: 2 }],
    field("[1, {'a': 2}, {'a': 2}] has non-unique elements"),
  ],
  [x({ pattern: '^a' }), 'b', field("'b' does not match '^a'")],
  [
    x({ additionalProperties: false, properties: { a: true } }),
    { b: 1 },
    field("Additional properties are not allowed ('b' was unexpected)"),
  ],
  [
    x({ anyOf: [{ type: 'integer' }, { type: 'null' }] }),
    'a',
    field("'a' is not valid under any of the given schemas"),
  ],
  [
    x({ anyOf: [{ type: 'integer' }, { type: 'string', minLength: 3 }] }),
    'a',
    field("'a' is too short"),
  ],
  [
    x({ oneOf: [{ type: 'integer' }, { minimum: 3 }] }),
    5,
    field("5 is valid under each of {'minimum': 3}, {'type': 'integer'}"),
  ],
  [x({ not: { type: 'string' } }), 'a', field("'a' should not be valid under {'type': 'string'}")],
  [
    x({ type: 'array', items: { type: 'integer' } }),
    [1, 'a'],
    "Validation failed for field 'x[1]'. Failure reason: 'a' is not of type 'integer'",
  ],
  [
    x(true as never, { required: ['y'] }),
    1,
    "Validation failed. Failure reason: 'y' is a required property",
  ],
  [
    block(),
    { $ref: 3 },
    `Validation failed for field "x['$ref']". Failure reason: 3 is not valid under any of the given schemas`,
  ],
];

test.each(REFUSED)('%j refuses %j', (schema, value, why) => {
  const wrong = refusal(prepared(structuredClone(schema)), { x: value });
  expect(wrong).toEqual({ of: 'value', why });
});

const UNUSABLE: readonly [string, object, RegExp][] = [
  [
    'an unknown type',
    x({ type: 'nonsense' }),
    /not a valid json schema.*'nonsense' is not valid under/,
  ],
  ['no pattern of Python', x({ pattern: '(' }), /Schema error: '\(' is not a 'regex'/],
  ['itself without an end', { $ref: '#' }, /circular references/],
  [
    'itself by two steps',
    { $ref: '#/$defs/a', $defs: { a: { allOf: [{ $ref: '#' }] } } },
    /circular/,
  ],
];
test.each(UNUSABLE)('a schema that is %s is refused as a schema', (_, schema, why) => {
  const wrong = refusal(prepared(structuredClone(schema)), { x: 1 });
  expect(wrong).toMatchObject({ of: 'schema', why: expect.stringMatching(why) });
});

test('a reference that leads to no schema is named', () => {
  for (const $ref of ['#/nowhere', '#/enum', '#gone', 'https://example.com/a.json']) {
    const wrong = refusal({ $ref, enum: ['a'] }, 'a');
    expect(wrong?.why).toContain(`the reference '${$ref}' leads to no schema`);
  }
});
