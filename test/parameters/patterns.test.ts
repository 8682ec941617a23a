import { expect, test } from 'vitest';
import { patternsRefusal, refusal, schemaRefusal } from '../../core/parameters/schema/check.ts';

const finds = (pattern: string, text: string): boolean => {
  const wrong = refusal({ pattern }, text);
  if (wrong?.of === 'schema') throw new Error(wrong.why);
  return wrong === undefined;
};

/** Texts that Python's `re.search` finds the pattern in, and texts that it does not. */
const PATTERNS: readonly [string, readonly string[], readonly string[]][] = [
  ['^\\d{4}\\-\\d{2}$', ['2026-01', '2026-01\n', '٢٠٢٦-01'], ['2026_01', '2026-01\n\n']],
  ['^\\w+$', ['Zürich', '東京', 'a_1'], ['a b', 'a-b', '']],
  ['^[^\\W\\d_]+$', ['Zürich'], ['a1', 'a_', 'a b']],
  ['^\\S+\\s\\S+$', ['a\u00a0b', 'a\u2003b'], ['a\ufeffb', 'ab']],
  ['\\_\\@\\#\\"\\/\\ ', ['_@#"/ '], ['_@']],
  ['\\Aab\\Z', ['ab'], ['ab\n', 'xab']],
  ['(?P<year>\\d+)-(?P<month>\\d+)', ['1-2'], ['12']],
  ['(?i)^zürich$', ['ZÜRICH'], ['Zurich']],
  ['^(?i:a)b$', ['Ab'], ['AB']],
  ['^a{,3}$', ['', 'aaa'], ['aaaa']],
  ['^a{2,}$', ['aa'], ['a']],
  ['^a{}$', ['a{}'], ['']],
  ['^x{1,2000}$', ['x'.repeat(1500)], ['', 'x'.repeat(2001)]],
  ['^[]a-]+$', [']a-'], ['b']],
  ['^[\\d\\-.]+$', ['1-.'], ['a']],
  ['^[^a]$', ['b', '\n'], ['a']],
  ['^.$', ['ä', '😀', 'a\n'], ['\n', 'ab']],
  ['(?s)^.$', ['\n'], ['ab']],
  ['(?m)^b$', ['a\nb\nc'], ['ab']],
  ['(?x) a  b # a comment', ['ab'], ['a b']],
  ['^\\x41\\u00e4\\101$', ['AäA'], ['A']],
  ['^\\d++$', ['123'], ['12a']],
  ['^\\d++-\\d+$', ['1-2'], ['12']],
  ['^a(?#a comment)b$', ['ab'], ['a']],
  ['(?a)^\\w+$', ['abc'], ['ä']],
  ['^a(?# a comment)*$', ['aa'], ['ab']],
  ['a|b', ['xb'], ['c']],
  ['', ['', 'a'], []],
];
test.each(PATTERNS)('%j is read as Python reads it', (pattern, found, notFound) => {
  expect(found.filter((text) => !finds(pattern, text))).toEqual([]);
  expect(notFound.filter((text) => finds(pattern, text))).toEqual([]);
});

test.each([
  '(',
  '[a',
  'a**',
  '*a',
  '\\y',
  '(?<n>a)',
  'a{3,2}',
  '(?P<n>a)(?P<n>b)',
  'a(?i)b',
  ')',
  '[b-a]',
  '\\',
])('%j is no pattern, as in Python', (pattern) => {
  const why = expect.stringContaining("is not a 'regex'");
  expect(schemaRefusal({ properties: { x: { pattern } } })).toEqual({ of: 'schema', why });
  expect(schemaRefusal({ patternProperties: { [pattern]: true } })).toEqual({ of: 'schema', why });
});

test.each([
  ['(?=.*\\d).+', 'a lookahead'],
  ['a(?!b)', 'a lookahead'],
  ['(?<=a)b', 'a lookbehind'],
  ['(a)\\1', 'a reference to what a group matched, \\1'],
  ['(?P<n>a)(?P=n)', 'a reference to what a group matched, (?P=n)'],
  ['(?>a+)b', 'an atomic group'],
  ['(a)?(?(1)b|c)', 'a condition'],
  ['\\d++1', 'a possessive quantifier'],
  ['(?:[a-z]{1,1000}x){1,1000}', 'it repeats too large parts too often'],
  ['a{20000}', 'a repetition of more than 10,000 times'],
  ['a'.repeat(6000), 'longer than 5000 characters'],
])('%j cannot be matched in linear time, and this is said', (pattern, what) => {
  const schema = { properties: { x: { anyOf: [{ pattern }, { type: 'null' }] } } };
  const wrong = patternsRefusal(schema);
  expect(wrong?.why).toContain('cannot be matched in linear time');
  expect(wrong?.why).toContain(what);
  expect(patternsRefusal({ default: schema, enum: [schema] })).toBeUndefined();
});
