import type { Case } from './cases.ts';
import type { Answer } from './dibs-side.ts';

/** A kind of difference that stays. docs/prefect.md has the reasons for users. */
export interface Difference {
  readonly name: string;
  readonly why: string;
  readonly fits: (one: Case, prefect: Answer, dibs: Answer) => boolean;
}

const has = (one: Case, pattern: RegExp): boolean => pattern.test(JSON.stringify(one));
const says = ({ why = '' }: Answer, text: string): boolean => why.includes(text);

const UNBOUNDED: Difference = {
  name: 'a pattern that is not matched in linear time',
  why: 'it could block the server; refused at the deploy',
  fits: (_one, _prefect, dibs) => says(dibs, 'cannot be matched in linear time'),
};

const BEHIND: Difference = {
  name: 'a pattern that is none, behind a part that is not matched in linear time',
  why: 'dibs reads no further; the deploy is refused as well, with the other reason',
  fits: (one, { why = '' }) =>
    /^pattern: |is not a 'regex'/.test(why) && has(one, /\(\?(<?[=!]|>|\(|P=)|\\\\[1-9]|[+*?}]\+/),
};

/** Differences in what is taken or refused, or in the value that a template gets. */
export const DIFFERENCES: readonly Difference[] = [
  {
    name: 'Prefect answers 500',
    why: 'its code does not expect such a schema or template; dibs answers with a sentence, or takes it',
    fits: (_, prefect) => prefect.verdict === 'crashed',
  },
  UNBOUNDED,
  BEHIND,
  {
    name: 'a default that names a block',
    why: 'the block is looked for when the pool is made, not again for each run',
    fits: (_, prefect) => says(prefect, 'Block not found'),
  },
  {
    name: 'a default without the format that it should have',
    why: 'Prefect then requires no variable at all; dibs still requires those that are required',
    fits: (one, _, dibs) =>
      one.kind === 'variables' && says(dibs, 'is a required property') && has(one, /"format":/),
  },
  {
    name: 'a part of Jinja that is missing',
    why: 'methods, macros and rare filters have no use without values; 501',
    fits: (_one, _prefect, dibs) => says(dibs, 'dibs does not support'),
  },
  {
    name: '\\b and \\B beside letters outside ASCII',
    why: 'RE2 knows the word boundaries of ASCII only',
    fits: (one) => has(one, /\\\\[bB]/) && has(one, /[^ -~]/),
  },
  {
    name: '\\B in an empty text',
    why: 'Python finds it there from 3.14 on, as RE2 does',
    fits: (one) => one.kind === 'pattern' && one.pattern.includes('\\B') && one.texts.includes(''),
  },
  {
    name: 'a list with braces as a template',
    why: 'Prefect reads the list as Python prints it; dibs passes it on',
    fits: (one, _, dibs) =>
      one.kind === 'hydrate' && dibs.verdict === 'taken' && has(one, /\{[{%]/),
  },
  {
    name: '$ before more of a pattern',
    why: 'it takes a newline at the end, because RE2 cannot look ahead',
    fits: (one) => has(one, /\$(?!"|\)*"|\|)/) && has(one, /\\n/),
  },
];

/** Differences in the sentence alone. */
export const SENTENCES: readonly Difference[] = [
  UNBOUNDED,
  BEHIND,
  {
    name: 'a reference that leads nowhere, or to itself',
    why: 'Prefect prints the class of the exception and the whole schema',
    fits: (_one, _prefect, dibs) => says(dibs, 'leads to no schema') || says(dibs, 'circular'),
  },
  {
    name: 'a schema that is none',
    why: 'of several mistakes another one may be first; and the prefix is the same everywhere',
    fits: (_one, _prefect, dibs) => says(dibs, 'not a valid json schema'),
  },
  {
    name: 'numbers',
    why: 'JavaScript does not tell 1.0 from 1, and writes large numbers without an exponent',
    fits: (_one, { why = '' }, dibs) => plain(why) === plain(dibs.why ?? ''),
  },
  {
    name: 'the order of keys that are numbers',
    why: 'JavaScript puts them first, so of two faults of the same rank another one may be named',
    fits: (one) => has(one, /"\d+":/),
  },
  {
    name: 'a template that is no valid Jinja, or a text that is no JSON',
    why: 'the parser is another one',
    fits: (one) => one.kind === 'hydrate',
  },
  {
    name: 'a pattern that is none',
    why: "the words are those of Python's re, as far as they are known",
    fits: (one) => one.kind === 'pattern',
  },
];

/** A text without what differs between the numbers of Python and of JavaScript. */
const plain = (text: string): string =>
  text.replaceAll(/-?\d+(\.\d+)?(e[+-]?\d+)?/g, (number) => String(Number(number)));
