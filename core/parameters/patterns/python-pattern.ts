import { alone, asMembers, literal, type Part, readEscape } from './characters.ts';
import { type Flags, globalFlags, withFlags } from './flags.ts';
import { backreference, UNBOUNDED_GROUPS, UnboundedPattern, unbounded } from './pattern-fault.ts';
import { Reader } from './reader.ts';
import { boundsOf } from './repetition.ts';
import {
  assertApart,
  character,
  end,
  exactly,
  place,
  repeated,
  sum,
  type Translated,
} from './translated.ts';

/** Most characters of a pattern, and the largest program that one may make. */
const LONGEST_PATTERN = 5000;
const LARGEST_PROGRAM = 20_000;
const DEEPEST = 100;

/**
 * Translates a pattern of Python's `re` into RE2's syntax, which is matched in linear time. Both
 * read most patterns alike, but differ in \w, \d, \s, $, \Z and in what may be escaped.
 * @throws InvalidPattern, UnboundedPattern
 */
export function fromPython(pattern: string): Translated {
  if (pattern.length > LONGEST_PATTERN) {
    throw new UnboundedPattern(`it is longer than ${LONGEST_PATTERN} characters`);
  }
  const reader = new Reader(pattern);
  const whole = new Translation(reader).alternatives(globalFlags(reader), 0);
  if (reader.peek() !== '') throw reader.invalid('unbalanced parenthesis');
  return whole;
}

class Translation {
  readonly #reader: Reader;
  readonly #groups = new Set<string>();

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  alternatives(flags: Flags, depth: number): Translated {
    if (depth > DEEPEST)
      throw new UnboundedPattern(`its groups are nested more than ${DEEPEST} deep`);
    const all = [this.#sequence(flags, depth)];
    while (this.#reader.take('|')) all.push(this.#sequence(flags, depth));
    return { text: all.map(({ text }) => text).join('|'), weight: sum(all) };
  }

  #sequence(flags: Flags, depth: number): Translated {
    const all: Translated[] = [];
    let weight = 0;
    for (;;) {
      this.#skip(flags);
      if (/^[|)]?$/.test(this.#reader.peek())) break;
      const item = this.#item(flags, depth);
      this.#skip(flags);
      const one = this.#repeated(item);
      const before = all.at(-1);
      if (before) assertApart(before, one);
      all.push(one);
      weight += one.weight;
      if (weight > LARGEST_PROGRAM) {
        throw new UnboundedPattern('it repeats too large parts too often');
      }
    }
    const last = all.at(-1);
    if (last && depth > 0) assertApart(last, undefined);
    return { text: all.map(({ text }) => text).join(''), weight };
  }

  /** Skips comments; in a verbose pattern, also space. A quantifier counts for what is before. */
  #skip({ verbose }: Flags): void {
    const reader = this.#reader;
    for (;;) {
      const start = reader.position;
      if (reader.take('(?#')) reader.until(')', 'missing ), unterminated comment');
      if (verbose) reader.while(/^\s$/);
      if (verbose && reader.take('#')) reader.while(/^[^\n]$/);
      if (reader.position === start) return;
    }
  }

  #item(flags: Flags, depth: number): Translated {
    const reader = this.#reader;
    const one = reader.next();
    switch (one) {
      case '(':
        return this.#group(flags, depth);
      case '[':
        return character(flags, this.#class(flags));
      case '.':
        return character(flags, flags.dotAll ? '(?s:.)' : '(?-s:.)');
      case '^':
        return place(flags.lines ? '(?m:^)' : '\\A');
      case '$':
        // Also before a newline at the very end.
        return flags.lines ? place('(?m:$)') : end('(?:\\n?\\z)');
      case '\\':
        return this.#escaped(flags);
      case '*':
      case '+':
      case '?':
        throw reader.invalid('nothing to repeat');
      case '{':
        reader.back(reader.position - 1);
        if (boundsOf(reader)) throw reader.invalid('nothing to repeat');
        reader.next();
        return exactly(flags, 123);
      default:
        return exactly(flags, one.codePointAt(0) ?? 0);
    }
  }

  #escaped(flags: Flags): Translated {
    const reader = this.#reader;
    switch (reader.peek()) {
      case 'A':
        reader.next();
        return place('\\A');
      case 'Z':
        reader.next();
        return end('\\z');
      case 'b':
      case 'B':
        return place(`\\${reader.next()}`);
      case '0':
        return exactly(flags, Number.parseInt(reader.while(/^[0-7]$/, 3), 8));
      default:
    }
    const start = reader.position;
    const digits = reader.while(/^[0-9]$/, 3);
    if (/^[0-3][0-7]{2}$/.test(digits)) return exactly(flags, Number.parseInt(digits, 8));
    if (digits !== '') throw backreference(`\\${digits.slice(0, 2)}`);
    reader.back(start);
    const part = readEscape(reader, flags.ascii);
    return 'code' in part ? exactly(flags, part.code) : character(flags, alone(part));
  }

  #group(flags: Flags, depth: number): Translated {
    const reader = this.#reader;
    let inside = flags;
    if (reader.take('?')) {
      const extension = this.#extension(flags);
      if (!extension) return this.#closed(flags, depth);
      inside = extension;
    }
    return this.#closed(inside, depth);
  }

  #closed(flags: Flags, depth: number): Translated {
    const inside = this.alternatives(flags, depth + 1);
    if (!this.#reader.take(')')) {
      throw this.#reader.invalid('missing ), unterminated subpattern');
    }
    return { text: `(?:${inside.text})`, weight: inside.weight };
  }

  /** What stands behind (? of a group; its flags, where it sets some. */
  #extension(flags: Flags): Flags | undefined {
    const reader = this.#reader;
    for (const [sign, what] of UNBOUNDED_GROUPS) if (reader.take(sign)) throw unbounded(what);
    if (reader.take(':')) return undefined;
    if (reader.take('P=')) throw backreference(`(?P=${reader.until(')', 'missing )')})`);
    if (reader.take('P<')) {
      const name = reader.until('>', 'missing >, unterminated name');
      if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name))
        throw reader.invalid('bad character in group name');
      if (this.#groups.has(name)) throw reader.invalid(`redefinition of group name '${name}'`);
      this.#groups.add(name);
      return undefined;
    }
    const on = reader.while(/^[aimsux]$/);
    const off = reader.take('-') ? reader.while(/^[imsx]$/) : '';
    if (on + off !== '' && reader.take(':'))
      return withFlags(withFlags(flags, on, true), off, false);
    if (on !== '' && reader.peek() === ')') {
      throw reader.invalid('global flags not at the start of the expression');
    }
    throw reader.invalid(`unknown extension ?${reader.peek()}`);
  }

  #class(flags: Flags): string {
    const reader = this.#reader;
    const negated = reader.take('^');
    const members: string[] = [];
    do {
      const from = this.#member(flags);
      const start = reader.position;
      if (!reader.take('-')) members.push(asMembers(from));
      else if (reader.peek() === ']') {
        reader.back(start);
        members.push(asMembers(from));
      } else {
        const to = this.#member(flags);
        if (!('code' in from) || !('code' in to) || to.code < from.code) {
          throw reader.invalid('bad character range');
        }
        members.push(`${literal(from.code)}-${literal(to.code)}`);
      }
    } while (reader.peek() !== ']');
    reader.next();
    return `[${negated ? '^' : ''}${members.join('')}]`;
  }

  #member(flags: Flags): Part {
    const reader = this.#reader;
    const one = reader.next();
    if (one === '') throw reader.invalid('unterminated character set');
    if (one !== '\\') return { code: one.codePointAt(0) ?? 0 };
    if (reader.take('b')) return { code: 8 };
    const octal = reader.while(/^[0-7]$/, 3);
    if (octal !== '') return { code: Number.parseInt(octal, 8) };
    if (/^[0-9]$/.test(reader.peek())) throw reader.invalid('bad escape');
    return readEscape(reader, flags.ascii);
  }

  #repeated(one: Translated): Translated {
    const reader = this.#reader;
    const bounds = boundsOf(reader);
    if (!bounds) return one;
    if (one.is === 'place' || one.is === 'end') {
      throw reader.invalid('nothing to repeat');
    }
    const [least, most] = bounds;
    if (most < least) throw reader.invalid('min repeat greater than max repeat');
    const how = reader.take('+') ? '+' : reader.take('?') ? '?' : '';
    if (boundsOf(reader)) throw reader.invalid('multiple repeat');
    return repeated(one, { least, most, how });
  }
}
