import { isObject } from './json.ts';
import type { Steps } from './steps.ts';

/** Whether two JSON values are equal. `1` and `1.0` are; `1` and `true` are not. */
export function equal(one: unknown, other: unknown, steps: Steps): boolean {
  steps.take(1);
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((inside, index) => equal(inside, other[index], steps))
    );
  }
  if (!isObject(one) || !isObject(other)) return one === other;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && equal(one[key], other[key], steps))
  );
}

/**
 * A text that two values share exactly if they are equal, so that the members of a long array are
 * compared by a look into a set, and not each with each.
 */
export function fingerprint(value: unknown, steps: Steps): string {
  steps.take(1);
  if (Array.isArray(value)) return `[${value.map((one) => fingerprint(one, steps)).join(',')}]`;
  if (!isObject(value)) {
    if (typeof value === 'string') steps.take(value.length / 100);
    return JSON.stringify(value);
  }
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${fingerprint(value[key], steps)}`).join(',')}}`;
}
