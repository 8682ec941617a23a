import { rawNumber } from '../../client/exact-json.ts';

/**
 * Returns the fields of `wanted` that differ in `is`. Null and absent are the same. Numbers are
 * compared by value if JavaScript can represent it (servers may write the limit 5 as 5.0), else by
 * their text. The order of schedules does not count, nor do the default values that a server adds
 * to them.
 */
export function changesOf<Fields extends object>(wanted: Fields, is: Fields): Partial<Fields> {
  const changed = Object.entries(wanted).filter(
    ([key, value]) =>
      value !== undefined &&
      !(key === 'schedules' ? sameSchedules : same)(value, is[key as keyof Fields]),
  );
  return Object.fromEntries(changed) as Partial<Fields>;
}

const same = (a: unknown, b: unknown): boolean =>
  JSON.stringify(plain(a ?? null)) === JSON.stringify(plain(b ?? null));

function sameSchedules(wanted: unknown, is: unknown): boolean {
  if (!Array.isArray(wanted) || !Array.isArray(is)) return same(wanted, is);
  const left = [...is];
  return (
    wanted.length === is.length &&
    wanted.every((one) => {
      const at = left.findIndex((other) => isWithin(one, other));
      if (at >= 0) left.splice(at, 1);
      return at >= 0;
    })
  );
}

/** True if `is` has every value that `wanted` mentions, in the schedule and in its rule. */
function isWithin(wanted: Schedule, is: Schedule): boolean {
  const { schedule, ...rest } = wanted;
  const says = (some: object, all: object) => Object.keys(changesOf(some, all)).length === 0;
  return says(rest, is) && says(schedule ?? {}, is.schedule ?? {});
}

interface Schedule {
  readonly schedule?: object;
}

/** Brings keys into one order and numbers into one form, for comparing. */
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
