import type { Reader } from './reader.ts';

/** RE2 repeats at most so often. More is written as several repetitions in a row. */
const REPEATS = 1000;

/** The least and the most times of a quantifier, if one comes next. */
export function boundsOf(reader: Reader): readonly [number, number] | undefined {
  if (reader.take('*')) return [0, Number.POSITIVE_INFINITY];
  if (reader.take('+')) return [1, Number.POSITIVE_INFINITY];
  if (reader.take('?')) return [0, 1];
  const start = reader.position;
  if (!reader.take('{') || reader.peek() === '}') {
    reader.back(start);
    return undefined;
  }
  const least = reader.while(/^[0-9]$/);
  const most = reader.take(',') ? reader.while(/^[0-9]$/) : least;
  if (reader.take('}')) {
    return [Number(least), most === '' ? Number.POSITIVE_INFINITY : Number(most)];
  }
  // Braces that are no quantifier stand for themselves.
  reader.back(start);
  return undefined;
}

export function repeat(text: string, least: number, most: number, lazy: string): string {
  const full = chunks(least).map((times) => `${text}{${times}}`);
  const more = Number.isFinite(most)
    ? chunks(most - least).map((times) => `${text}{0,${times}}${lazy}`)
    : [`${text}*${lazy}`];
  const all = [...full, ...more];
  return all.length === 1 ? all.join('') : `(?:${all.join('')})`;
}

function chunks(times: number): number[] {
  const whole = new Array<number>(Math.floor(times / REPEATS)).fill(REPEATS);
  return times % REPEATS === 0 ? whole : [...whole, times % REPEATS];
}
