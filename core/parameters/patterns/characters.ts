import { UnboundedPattern } from './pattern-fault.ts';
import type { Reader } from './reader.ts';

/** What \d, \s and \w mean in Python, as members of a class of RE2. */
const MEANS: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  s: '\\x09-\\x0D\\x1C-\\x20\\x85\\xA0\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}\\x{3000}',
  w: '\\p{L}\\p{N}_',
};
const MEANS_IN_ASCII: Readonly<Record<string, string>> = {
  d: '0-9',
  s: '\\x09-\\x0D\\x20',
  w: '0-9A-Za-z_',
};
const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** A part of a pattern: one character, or a class such as \w. */
export type Part =
  | { readonly code: number }
  /** Members of a class; those of a negated one are the characters that it leaves out. */
  | { readonly members: string; readonly negated: boolean };

/** Reads what stands behind a backslash that is the same within [] and outside. */
export function readEscape(reader: Reader, ascii: boolean): Part {
  const one = reader.next();
  if (one === '') throw reader.invalid('bad escape (end of pattern)');
  const members = (ascii ? MEANS_IN_ASCII : MEANS)[one.toLowerCase()];
  if (members !== undefined) return { members, negated: one !== one.toLowerCase() };
  if (CONTROLS[one] !== undefined) return { code: CONTROLS[one] };
  switch (one) {
    case 'x':
      return hexadecimal(reader, 2);
    case 'u':
      return hexadecimal(reader, 4);
    case 'U':
      return hexadecimal(reader, 8);
    case 'N':
      throw new UnboundedPattern('it names a character by \\N{…}: write the character itself');
    default:
      if (/[A-Za-z]/.test(one)) throw reader.invalid(`bad escape \\${one}`);
      return { code: one.codePointAt(0) ?? 0 };
  }
}

function hexadecimal(reader: Reader, digits: number): Part {
  const read = reader.while(/^[0-9A-Fa-f]$/, digits);
  const code = Number.parseInt(read, 16);
  if (read.length !== digits || code > 0x10ffff) throw reader.invalid('incomplete escape');
  return { code };
}

export const literal = (code: number): string => `\\x{${code.toString(16)}}`;

/** All characters that are no letter, digit or underscore. Unicode names no such category. */
function otherThanWords(): string {
  const isWord = /^[\p{L}\p{N}_]$/u;
  const ranges: string[] = [];
  let from: number | undefined;
  for (let code = 0; code <= 0x110000; code++) {
    const outside = code < 0x110000 && !isWord.test(String.fromCodePoint(code));
    if (outside) from ??= code;
    else if (from !== undefined) {
      ranges.push(`${literal(from)}-${literal(code - 1)}`);
      from = undefined;
    }
  }
  return ranges.join('');
}
let otherThanWord: string | undefined;

const OTHERS: Readonly<Record<string, string>> = {
  [`${MEANS['d']}`]: '\\P{Nd}',
  [`${MEANS['s']}`]:
    '\\x00-\\x08\\x0E-\\x1B\\x21-\\x{84}\\x{86}-\\x{9F}\\x{A1}-\\x{167F}\\x{1681}-\\x{1FFF}\\x{200B}-\\x{2027}\\x{202A}-\\x{202E}\\x{2030}-\\x{205E}\\x{2060}-\\x{2FFF}\\x{3001}-\\x{10FFFF}',
  [`${MEANS_IN_ASCII['d']}`]: '\\x00-\\x2F\\x3A-\\x{10FFFF}',
  [`${MEANS_IN_ASCII['s']}`]: '\\x00-\\x08\\x0E-\\x1F\\x21-\\x{10FFFF}',
  [`${MEANS_IN_ASCII['w']}`]: '\\x00-\\x2F\\x3A-\\x40\\x5B-\\x5E\\x60\\x7B-\\x{10FFFF}',
};

/** A part as members of a class of RE2, which has no class within a class that is negated. */
export function asMembers(part: Part): string {
  if ('code' in part) return literal(part.code);
  if (!part.negated) return part.members;
  const others = OTHERS[part.members];
  if (others !== undefined) return others;
  otherThanWord ??= otherThanWords();
  return otherThanWord;
}

/** A part that stands alone. */
export function alone(part: Part): string {
  if ('code' in part) return literal(part.code);
  return `[${part.negated ? '^' : ''}${part.members}]`;
}

/** How much of a program of RE2 a part makes: each range of a class is compared by itself. */
export const weightOf = (text: string): number =>
  1 + 20 * (text.match(/\\[pP]/g)?.length ?? 0) + text.length / 50;
