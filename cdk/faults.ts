import { type Duration, Token } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { isDimensionValue } from '../api/dimension.ts';

/** The faults of one value: what was expected, and what was found. Empty if it has none. */
export type Faults = readonly string[];

type Given = Readonly<Record<string, unknown>>;

/** Throws an error with all faults at once, and the path of the construct. */
export function refuse(scope: Construct, faults: Faults): void {
  if (faults.length > 0) throw new Error(`[${scope.node.path}] ${faults.join('; ')}`);
}

export const isRecord = (value: unknown): value is Given =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Unknown names and null, which plain JavaScript and `as any` let through. */
export function names(known: readonly string[], given: Given, prefix = ''): Faults {
  return Object.entries(given).flatMap(([name, value]) => {
    if (!known.includes(name)) {
      return [`there is no prop "${prefix}${name}"; there are ${known.join(', ')}`];
    }
    return value === null ? [`${prefix}${name} is null: leave it out to have its default`] : [];
  });
}

export const isWhole = (value: unknown, from: number, to: number): boolean =>
  Number.isInteger(value) && Number(value) >= from && Number(value) <= to;

/** A value that is known only at deployment passes: CloudFormation checks it. */
export const whole = (name: string, value: unknown, from: number, to: number): Faults =>
  value === undefined || value === null || Token.isUnresolved(value) || isWhole(value, from, to)
    ? []
    : [`${name} must be a whole number from ${from} to ${to}, not ${seen(value)}`];

export const flag = (name: string, value: unknown): Faults =>
  value === undefined || value === null || typeof value === 'boolean'
    ? []
    : [`${name} must be true or false, not ${seen(value)}`];

export function seconds(name: string, value: unknown, from: number, to: number): Faults {
  if (value === undefined || value === null) return [];
  const duration = value as Duration;
  if (typeof duration.toSeconds !== 'function') {
    return [`${name} must be a Duration like Duration.seconds(60), not ${seen(value)}`];
  }
  if (duration.isUnresolved()) return [];
  const given = duration.toSeconds({ integral: false });
  return isWhole(given, from, to)
    ? []
    : [`${name} must be whole seconds from ${from} to ${to}, not ${given} seconds`];
}

export const retention = (value: unknown): Faults =>
  value === undefined || value === null || RetentionDays[value as number] !== undefined
    ? []
    : [`logRetention must be one of RetentionDays, not ${seen(value)}`];

/** An object of the CDK, recognized by a member that it must have. */
export const has = (name: string, value: unknown, member: string, what: string): Faults =>
  isRecord(value) && member in value ? [] : [`${name} must be ${what}, not ${seen(value)}`];

export const pool = (value: unknown): Faults =>
  Token.isUnresolved(value) || (typeof value === 'string' && isDimensionValue(value))
    ? []
    : [
        'pool must be the name of a work pool that can be a dimension in CloudWatch: 1 to 255 characters ' +
          `of printable ASCII, the first not ":", not ${seen(value)}`,
      ];

export function seen(value: unknown): string {
  if (Token.isUnresolved(value)) return 'a value that is known only at deployment';
  if (typeof value === 'string') return `"${value.length > 60 ? `${value.slice(0, 60)}…` : value}"`;
  if (!isRecord(value)) return String(value);
  const { name } = value.constructor ?? {};
  return name && name !== 'Object' ? `a ${name}` : `{ ${Object.keys(value).join(', ')} }`;
}
