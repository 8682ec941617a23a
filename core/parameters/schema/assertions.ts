import { equal, fingerprint } from './equality.ts';
import { type Fault, fault } from './fault.ts';
import { isType, type JsonObject } from './json.ts';
import { pythonText as text } from './python-text.ts';
import type { Keyword, KeywordOf, Place } from './validation.ts';

/** Keywords that say something of the value itself. The sentences are those of jsonschema. */
export const ASSERTIONS: Readonly<Record<string, KeywordOf>> = {
  type: {
    *check(_at: Place, wanted: string | string[], instance: unknown) {
      const types = [wanted].flat();
      if (types.some((type) => isType(instance, type))) return;
      yield fault(() => `${text(instance)} is not of type ${types.map(text).join(', ')}`);
    },
  },
  const: {
    *check({ of }: Place, wanted: unknown, instance: unknown) {
      if (!equal(instance, wanted, of.steps)) yield fault(() => `${text(wanted)} was expected`);
    },
  },
  enum: {
    *check({ of }: Place, wanted: unknown[], instance: unknown) {
      if (wanted.some((one) => equal(one, instance, of.steps))) return;
      yield fault(() => `${text(instance)} is not one of ${text(wanted)}`);
    },
  },
  minimum: number((value, bound) => value < bound, 'is less than the minimum of'),
  maximum: number((value, bound) => value > bound, 'is greater than the maximum of'),
  exclusiveMinimum: number(
    (value, bound) => value <= bound,
    'is less than or equal to the minimum of',
  ),
  exclusiveMaximum: number(
    (value, bound) => value >= bound,
    'is greater than or equal to the maximum of',
  ),
  multipleOf: number(isNoMultiple, 'is not a multiple of'),
  minLength: size('string', lengthOf, 'at least', (bound) =>
    bound === 1 ? 'should be non-empty' : 'is too short',
  ),
  maxLength: size('string', lengthOf, 'at most', (bound) =>
    bound === 0 ? 'is expected to be empty' : 'is too long',
  ),
  minItems: size(
    'array',
    (array: unknown[]) => array.length,
    'at least',
    (bound) => (bound === 1 ? 'should be non-empty' : 'is too short'),
  ),
  maxItems: size(
    'array',
    (array: unknown[]) => array.length,
    'at most',
    (bound) => (bound === 0 ? 'is expected to be empty' : 'is too long'),
  ),
  minProperties: size('object', keysOf, 'at least', (bound) =>
    bound === 1 ? 'should be non-empty' : 'does not have enough properties',
  ),
  maxProperties: size('object', keysOf, 'at most', (bound) =>
    bound === 0 ? 'is expected to be empty' : 'has too many properties',
  ),
  uniqueItems: {
    about: 'array',
    *check({ of }: Place, wanted: boolean, instance: unknown[]) {
      if (!wanted) return;
      const seen = new Set(instance.map((one) => fingerprint(one, of.steps)));
      if (seen.size === instance.length) return;
      yield fault(() => `${text(instance)} has non-unique elements`);
    },
  },
  pattern: {
    about: 'string',
    *check(at: Place, wanted: string, instance: string) {
      if (!at.matches(wanted, instance)) {
        yield fault(() => `${text(instance)} does not match ${text(wanted)}`);
      }
    },
  },
  required: {
    about: 'object',
    *check({ of }: Place, wanted: string[], instance: JsonObject) {
      for (const name of wanted) {
        of.steps.take(1);
        if (!Object.hasOwn(instance, name)) {
          yield fault(() => `${text(name)} is a required property`);
        }
      }
    },
  },
  dependentRequired: {
    about: 'object',
    *check({ of }: Place, wanted: Record<string, string[]>, instance: JsonObject) {
      for (const [name, needed] of Object.entries(wanted)) {
        of.steps.take(1 + needed.length);
        if (!Object.hasOwn(instance, name)) continue;
        for (const one of needed) {
          if (!Object.hasOwn(instance, one)) {
            yield fault(() => `${text(one)} is a dependency of ${text(name)}`);
          }
        }
      }
    },
  },
};

function number(isWrong: (value: number, bound: number) => boolean, says: string): KeywordOf {
  const check: Keyword = function* (_at: Place, bound: number, instance: number): Generator<Fault> {
    if (isWrong(instance, bound)) yield fault(() => `${text(instance)} ${says} ${bound}`);
  };
  return { about: 'number', check };
}

/** With a fraction as divisor, the quotient is looked at, as in Python: 0.3 is no multiple of 0.1. */
function isNoMultiple(value: number, divisor: number): boolean {
  if (Number.isInteger(divisor)) return value % divisor !== 0;
  const quotient = value / divisor;
  return Number.isFinite(quotient) ? !Number.isInteger(quotient) : value % divisor !== 0;
}

function size<Value>(
  about: 'string' | 'array' | 'object',
  of: (value: Value) => number,
  side: 'at least' | 'at most',
  says: (bound: number) => string,
): KeywordOf {
  const check: Keyword = function* (at: Place, bound: number, instance: Value): Generator<Fault> {
    const has = of(instance);
    at.of.steps.take(has / 50);
    if (side === 'at least' ? has < bound : has > bound) {
      yield fault(() => `${text(instance)} ${says(bound)}`);
    }
  };
  return { about, check };
}

/** Characters as Python counts them: one beyond the basic plane is one, not two. */
function lengthOf(instance: string): number {
  let pairs = 0;
  for (let index = 1; index < instance.length; index++) {
    const isLow = (instance.charCodeAt(index) & 0xfc00) === 0xdc00;
    if (isLow && (instance.charCodeAt(index - 1) & 0xfc00) === 0xd800) pairs++;
  }
  return instance.length - pairs;
}

function keysOf(instance: JsonObject): number {
  return Object.keys(instance).length;
}
