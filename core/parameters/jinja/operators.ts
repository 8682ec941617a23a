import type { Steps } from '../schema/steps.ts';
import {
  bounded,
  isList,
  isTrue,
  itemsOf,
  JinjaFault,
  JinjaUnsupported,
  numberOf,
  str,
  type Value,
} from './values.ts';

/** Most bits of an integer that a power may have. */
const BITS = 4096;

export function binary(operator: string, left: Value, right: Value, steps: Steps): Value {
  steps.take(1);
  switch (operator) {
    case '~':
      return bounded(str(left) + str(right), steps);
    case '==':
      return equal(left, right);
    case '!=':
      return !equal(left, right);
    case 'in':
      return contains(right, left);
    case 'not in':
      return !contains(right, left);
    case '+':
      if (typeof left === 'string' && typeof right === 'string')
        return bounded(left + right, steps);
      if (isList(left) && isList(right)) {
        steps.take(left.length + right.length);
        return [...left, ...right];
      }
      return arithmetic(operator, left, right);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return ordered(operator, left, right);
    default:
      return arithmetic(operator, left, right);
  }
}

function equal(left: Value, right: Value): boolean {
  if (isList(left) && isList(right)) {
    return left.length === right.length && left.every((one, index) => equal(one, right[index]));
  }
  if (isNumber(left) && isNumber(right)) {
    const [a, b] = [numberOf(left), numberOf(right)];
    return typeof a === typeof b ? a === b : Number(a) === Number(b);
  }
  return left === right;
}

const isNumber = (value: Value) => ['boolean', 'bigint', 'number'].includes(typeof value);

function contains(whole: Value, part: Value): boolean {
  if (typeof whole === 'string') return whole.includes(str(part));
  return itemsOf(whole).some((one) => equal(one, part));
}

function ordered(operator: string, left: Value, right: Value): boolean {
  const [a, b] =
    typeof left === 'string' && typeof right === 'string'
      ? [left, right]
      : [numberOf(left), numberOf(right)];
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  return operator === '>' ? a > b : a >= b;
}

function arithmetic(operator: string, left: Value, right: Value): Value {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (Number(b) === 0 && ['/', '//', '%'].includes(operator))
    throw new JinjaFault('division by zero');
  if (typeof a === 'bigint' && typeof b === 'bigint') return ofIntegers(operator, a, b);
  const [x, y] = [Number(a), Number(b)];
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      return x / y;
    case '//':
      return Math.floor(x / y);
    case '%':
      return x - y * Math.floor(x / y);
    case '**':
      return x ** y;
    default:
      throw new JinjaUnsupported(`the operator ${operator}`);
  }
}

function ofIntegers(operator: string, a: bigint, b: bigint): bigint | number {
  switch (operator) {
    case '+':
      return small(a + b);
    case '-':
      return small(a - b);
    case '*':
      return small(a * b);
    case '/':
      return Number(a) / Number(b);
    case '//':
      return floored(a, b);
    case '%':
      return a - b * floored(a, b);
    case '**':
      if (b < 0n) return Number(a) ** Number(b);
      if (BigInt(a.toString(2).length) * b > BITS) throw new JinjaFault('the number is too large');
      return a ** b;
    default:
      throw new JinjaUnsupported(`the operator ${operator}`);
  }
}

const small = (value: bigint): bigint => {
  if (value.toString(2).length > BITS) throw new JinjaFault('the number is too large');
  return value;
};

const floored = (a: bigint, b: bigint): bigint =>
  a / b - (a % b !== 0n && a < 0n !== b < 0n ? 1n : 0n);

/** The filters that a template without context has a use for. */
export function filtered(name: string, value: Value, args: readonly Value[], steps: Steps): Value {
  steps.take(1);
  switch (name) {
    case 'upper':
      return str(value).toUpperCase();
    case 'lower':
      return str(value).toLowerCase();
    case 'capitalize':
      return str(value).slice(0, 1).toUpperCase() + str(value).slice(1).toLowerCase();
    case 'trim':
      return str(value).trim();
    case 'string':
      return str(value);
    case 'length':
    case 'count':
      return BigInt(value instanceof Map ? value.size : itemsOf(value).length);
    case 'default':
    case 'd':
      return value === undefined || (isTrue(args[1]) && !isTrue(value)) ? (args[0] ?? '') : value;
    case 'join':
      return bounded(itemsOf(value).map(str).join(str(args[0])), steps);
    case 'list':
      return itemsOf(value);
    case 'first':
      return itemsOf(value)[0];
    case 'last':
      return itemsOf(value).at(-1);
    case 'abs': {
      const number = numberOf(value);
      return number < 0 ? -number : number;
    }
    case 'int':
      return integer(value, args[0]);
    default:
      throw new JinjaUnsupported(`the filter ${name}`);
  }
}

function integer(value: Value, otherwise: Value): Value {
  const number =
    typeof value === 'string' ? Number.parseInt(value, 10) : Number(value ?? Number.NaN);
  return Number.isFinite(number) ? BigInt(Math.trunc(number)) : (otherwise ?? 0n);
}
