import type { Steps } from '../schema/steps.ts';

/** Why a template has no text. The message is what Jinja says. */
export class JinjaFault extends Error {}

/** A part of Jinja that dibs does not have. */
export class JinjaUnsupported extends Error {}

/** A value of a template: an integer is a bigint, a floating-point number is a number. */
export type Value =
  | undefined
  | null
  | boolean
  | bigint
  | number
  | string
  | readonly Value[]
  | ReadonlyMap<string, Value>;

/** Longest text that a template may make, on its way or at the end. */
const LONGEST = 100_000;

export function bounded(text: string, steps: Steps): string {
  if (text.length > LONGEST) throw new JinjaFault(`the text is longer than ${LONGEST} characters`);
  steps.take(1 + text.length / 1000);
  return text;
}

/** As Python's str(). */
export function str(value: Value): string {
  return typeof value === 'string' ? value : value === undefined ? '' : repr(value);
}

function repr(value: Value): string {
  if (value === undefined) return 'Undefined';
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return float(value);
  if (typeof value === 'string') {
    const mark = value.includes("'") && !value.includes('"') ? '"' : "'";
    const inside = value
      .replaceAll('\\', '\\\\')
      .replaceAll('\n', '\\n')
      .replaceAll(mark, `\\${mark}`);
    return `${mark}${inside}${mark}`;
  }
  if (isList(value)) return `[${value.map(repr).join(', ')}]`;
  return `{${[...value].map(([key, one]) => `${repr(key)}: ${repr(one)}`).join(', ')}}`;
}

/** 2 is 2.0, and exponents begin where they do in Python. */
function float(value: number): string {
  if (!Number.isFinite(value)) return String(value).replace('Infinity', 'inf').toLowerCase();
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

export function isTrue(value: Value): boolean {
  if (isList(value)) return value.length > 0;
  return value instanceof Map ? value.size > 0 : Boolean(value);
}

/** A number as the operators take it; a boolean counts as 0 or 1. */
export function numberOf(value: Value): bigint | number {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'bigint' || typeof value === 'number') return value;
  throw new JinjaFault('an operand is not a number');
}

export function itemsOf(value: Value): readonly Value[] {
  if (value === undefined) return [];
  if (isList(value)) return value;
  if (value instanceof Map) return [...value.keys()];
  if (typeof value === 'string') return [...value];
  throw new JinjaFault('the value is not iterable');
}
