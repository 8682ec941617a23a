import { rawNumber } from '../../client/exact-json.ts';

/**
 * The fields of `wanted` that `is` has otherwise; null and absent are the same. Numbers are compared by
 * their value where JavaScript has it (5.0 is 5, as servers write limits), else by their text.
 */
export function changesOf<Fields extends object>(wanted: Fields, is: Fields): Partial<Fields> {
  const changed = Object.entries(wanted).filter(
    ([key, value]) => value !== undefined && !same(value, is[key as keyof Fields]),
  );
  return Object.fromEntries(changed) as Partial<Fields>;
}

const same = (a: unknown, b: unknown): boolean =>
  JSON.stringify(plain(a ?? null)) === JSON.stringify(plain(b ?? null));

/** Keys in one order, numbers in one form. */
function plain(value: unknown): unknown {
  const raw = rawNumber(value);
  if (raw !== undefined) {
    const number = Number(raw);
    return Number.isSafeInteger(number) || !/^-?\d+$/.test(raw) ? number : { number: raw };
  }
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, plain(member)]));
}
