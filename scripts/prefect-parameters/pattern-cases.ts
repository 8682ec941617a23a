import type { Random } from '../random.ts';

const ATOMS = [
  ...['a', 'b', '1', '-', '_', 'ü', '\\-', '\\_', '\\.', '\\d', '\\D', '\\w', '\\W', '\\s', '\\S'],
  ...['.', '[a-c]', '[^a]', '[\\w-]', '[\\d.]', '[^\\W\\d_]', '[]a]', '[^\\s]', '\\x41', '\\u00e4'],
  ...['\\n', '\\t', '\\/', '\\@', '\\ ', '[\\W]', '[\\b]', '{', '}', '\\{', 'Z', 'é'],
];
const PLACES = ['^', '$', '\\A', '\\Z', '\\b', '\\B'];
const QUANTIFIERS = ['*', '+', '?', '{2}', '{1,3}', '{,2}', '{2,}', '*?', '+?', '??', '++', '{}'];
const OPENINGS = [
  '(',
  '(?:',
  '(?P<n>',
  '(?i:',
  '(?=',
  '(?!',
  '(?<=',
  '(?>',
  '(?s:',
  '(?-i:',
  '(?<n>',
];
const FLAGS = ['(?i)', '(?m)', '(?s)', '(?x)', '(?a)', '(?im)', '(?u)'];
/** Things that are often typed wrong. */
const WRONG = ['**', '(', ')', '[', '\\y', '[b-a]', '{3,2}', '\\1', '(?P=n)', '(?#c)', '\\z'];

export function patternOf(random: Random): string {
  const flags = random.chance(0.15) ? random.pick(FLAGS) : '';
  const anchored = random.chance(0.5);
  return `${flags}${anchored ? '^' : ''}${sequence(random, 2)}${anchored ? '$' : ''}`;
}

function sequence(random: Random, depth: number): string {
  let text = '';
  for (let left = 1 + random.below(4); left > 0; left--) {
    const dice = random.next();
    if (dice < 0.04) text += random.pick(WRONG);
    else if (dice < 0.12) text += random.pick(PLACES);
    else if (dice < 0.25 && depth > 0) {
      const opening = random.chance(0.7)
        ? random.pick(OPENINGS.slice(0, 4))
        : random.pick(OPENINGS);
      const bar = random.chance(0.3) ? `|${sequence(random, depth - 1)}` : '';
      text += `${opening}${sequence(random, depth - 1)}${bar})${quantifier(random)}`;
    } else text += `${random.pick(ATOMS)}${quantifier(random)}`;
  }
  return text;
}

const quantifier = (random: Random): string =>
  random.chance(0.35) ? random.pick(QUANTIFIERS) : '';

const CHARACTERS = [
  ...[
    'a',
    'b',
    'c',
    'A',
    'B',
    '1',
    '9',
    '-',
    '_',
    '.',
    ' ',
    '\n',
    '\t',
    'ü',
    'Ü',
    'ä',
    'é',
    '東',
    '٣',
  ],
  ...['\u00a0', '\ufeff', '😀', '{', '}', '/', '@', '\\', 'ſ', 'K'],
];

/** A text; often of characters that the pattern itself has. */
export function textFor(random: Random, pattern: string): string {
  const from = random.chance(0.5)
    ? [...pattern.replaceAll(/[\\^$()[\]?*+|]/g, ''), ...'ab1']
    : CHARACTERS;
  return random.several(8, () => random.pick(from)).join('');
}
