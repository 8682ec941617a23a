import { expect, test } from 'vitest';
import { patternsRefusal, refusal } from '../../core/parameters/schema/check.ts';

const TOO_LONG = { of: 'schema', why: expect.stringContaining('would take too long') };
const LONG = 40_000;

/** Each level has twice as many ways as the one below it. */
function branching(keyword: string) {
  const levels = Array.from({ length: 40 }, (_, level) => {
    const below = { $ref: `#/$defs/level${level + 1}` };
    return [`level${level}`, { [keyword]: [below, below] }];
  });
  return {
    $defs: { ...Object.fromEntries(levels), level40: { type: 'integer' } },
    $ref: '#/$defs/level0',
  };
}

test.each([
  ['anyOf', 'a'],
  ['allOf', 1],
  ['oneOf', 'a'],
])('a schema that branches exponentially by %s is given up', (keyword, value) => {
  expect(refusal(branching(keyword), value)).toEqual(TOO_LONG);
  expect(refusal(branching(keyword), value)).toEqual(refusal(branching(keyword), value));
});

test('patterns that take long in other engines are matched in time that grows with the text', () => {
  for (const pattern of ['^(a+)+$', '^(a|aa)+$', '^(\\w+\\s?)*$', '(x+x+)+y', '^(.*?,){11}P']) {
    expect(refusal({ pattern }, `${'a'.repeat(LONG)}!`)).toMatchObject({ of: 'value' });
  }
  expect(refusal({ pattern: `^[ab]*a[ab]{900}$` }, 'ab'.repeat(LONG))).toEqual(TOO_LONG);
});

test('patterns that are large together are refused before they are compiled', () => {
  const many = Array.from({ length: 400 }, (_, index) => ({ pattern: `^\\w{400}${index}$` }));
  expect(patternsRefusal({ anyOf: many })).toEqual(TOO_LONG);
  expect(refusal({ anyOf: many }, 'a')).toEqual(TOO_LONG);
});

test('long lists are looked at for duplicates without comparing each with each', () => {
  const schema = { uniqueItems: true };
  const items = Array.from({ length: LONG }, (_, index) => ({ id: index, tags: ['a'] }));
  expect(refusal(schema, items)).toBeUndefined();
  expect(refusal(schema, [...items, { tags: ['a'], id: 7 }])).toMatchObject({ of: 'value' });
});

test('parameters of the largest size are checked in full', () => {
  const item = { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] };
  const items = Array.from({ length: LONG }, () => ({ a: 1 }));
  expect(refusal({ items: item }, items)).toBeUndefined();
  expect(refusal({ items: item }, [...items, {}])?.why).toContain(`field '$[${LONG}]'`);
});

test('a message does not grow with the value', () => {
  const wrong = refusal(
    { maxItems: 1 },
    Array.from({ length: LONG }, () => 'a'.repeat(100)),
  );
  expect(wrong?.why.length).toBeLessThan(1000);
});
