import { RE2JS } from 're2js';
import { literal, weightOf } from './characters.ts';
import type { Flags } from './flags.ts';
import { unbounded } from './pattern-fault.ts';
import { repeat } from './repetition.ts';

/** A part of a pattern in RE2's syntax. */
export interface Translated {
  readonly text: string;
  /** About the number of instructions that RE2 makes of it. */
  readonly weight: number;
  /** `place`: between characters, as ^ or \b; it cannot be repeated. `character`: exactly one. */
  readonly is?: 'place' | 'end' | 'character';
  /** The one character that it is. */
  readonly code?: number;
  /** What a possessive repetition took, it never gives back: the characters that it takes. */
  readonly keeps?: string;
}

export const place = (text: string): Translated => ({ text, weight: 1, is: 'place' });
export const end = (text: string): Translated => ({ text, weight: 1, is: 'end' });

export const character = ({ ignoreCase }: Flags, text: string): Translated => ({
  text: ignoreCase ? `(?i:${text})` : text,
  weight: weightOf(text),
  is: 'character',
});

export const exactly = (flags: Flags, code: number): Translated => ({
  ...character(flags, literal(code)),
  code,
});

export interface Repetition {
  readonly least: number;
  readonly most: number;
  readonly how: '' | '?' | '+';
}

/** @throws UnboundedPattern */
export function repeated(one: Translated, { least, most, how }: Repetition): Translated {
  const times = Number.isFinite(most) ? most : least + 1;
  if (times > 10_000) throw unbounded('a repetition of more than 10,000 times');
  if (how === '+' && one.is !== 'character')
    throw unbounded('a possessive quantifier, as in (…)++');
  return {
    text: repeat(one.text, least, most, how === '?' ? '?' : ''),
    weight: Math.max(1, one.weight) * Math.max(1, times),
    ...(least > 0 && one.code !== undefined ? { code: one.code } : {}),
    ...(how === '+' ? { keeps: one.text } : {}),
  };
}

/**
 * A possessive repetition is matched as a plain one. This is the same where nothing could use what
 * the plain one gives back: before the end, or before a character that it does not take.
 * @throws UnboundedPattern
 */
export function assertApart({ keeps }: Translated, next: Translated | undefined): void {
  if (keeps === undefined || next?.is === 'end') return;
  const follows = next?.code;
  if (follows !== undefined && !RE2JS.compile(keeps).test(String.fromCodePoint(follows))) return;
  throw unbounded('a possessive quantifier before something that it could take');
}

export const sum = (all: readonly Translated[]): number =>
  all.reduce((total, { weight }) => total + weight, 0);
