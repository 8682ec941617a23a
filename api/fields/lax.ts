import type * as z from 'zod';
import { secondsOf } from '../../model/values/duration.ts';
import { toIso } from '../../model/values/instant.ts';
import { NO_DURATION, NO_TIMESTAMP } from './fields.ts';

type Issue = z.core.$ZodIssue;
type Parent = Record<string | number, unknown>;

/** More faults than anybody makes by writing "3" for 3. */
const AT_MOST = 100;
/** From here on pydantic reads a number as milliseconds, and not as seconds. */
const MILLISECONDS_FROM = 2e10;

/**
 * Replaces values that are written otherwise than the schema says, but that Prefect's server takes:
 * `"3"` for 3, `"true"` for true, an id without hyphens, a day for a moment, `PT1H` for seconds. The
 * documented form stays the only one; a body that has it is not looked at. Returns whether anything
 * was replaced, so that the body is checked again.
 */
export function relax(body: unknown, issues: readonly Issue[]): boolean {
  if (issues.length > AT_MOST) return false;
  return issues.map((issue) => relaxOne(body, issue, [])).some(Boolean);
}

function relaxOne(body: unknown, issue: Issue, above: readonly PropertyKey[]): boolean {
  const path = [...above, ...issue.path];
  if (issue.code === 'invalid_union') {
    const inside = issue.errors.flat().slice(0, AT_MOST);
    return inside.map((one) => relaxOne(body, one, path)).some(Boolean);
  }
  const key = path.at(-1) as string | number | undefined;
  const parent = path.slice(0, -1).reduce<unknown>(memberOf, body);
  if (key === undefined || typeof parent !== 'object' || parent === null) return false;
  if (!Object.hasOwn(parent, key)) return false;
  const replaced = replacement((parent as Parent)[key], issue);
  if (replaced === undefined) return false;
  (parent as Parent)[key] = replaced;
  return true;
}

const memberOf = (at: unknown, step: PropertyKey): unknown =>
  typeof at === 'object' && at !== null && Object.hasOwn(at, step)
    ? (at as Parent)[step as string]
    : undefined;

/** What pydantic makes of a value where something else is expected. */
function replacement(value: unknown, issue: Issue): unknown {
  if (issue.message === NO_TIMESTAMP) return timestampOf(value);
  if (issue.message === NO_DURATION)
    return typeof value === 'string' ? secondsOf(value) : undefined;
  if (issue.code === 'invalid_format' && issue.format === 'guid') return idOf(value);
  if (issue.code !== 'invalid_type') return undefined;
  if (issue.expected === 'boolean') return booleanOf(value);
  if (issue.expected !== 'number' && issue.expected !== 'int') return undefined;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value !== 'string' || !/^\s*[+-]?\d+(\.\d+)?\s*$/.test(value)) return undefined;
  return Number(value);
}

const TRUE = new Set(['true', 't', 'yes', 'y', 'on', '1']);
const FALSE = new Set(['false', 'f', 'no', 'n', 'off', '0']);

function booleanOf(value: unknown): boolean | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).toLowerCase();
  if (TRUE.has(text)) return true;
  return FALSE.has(text) ? false : undefined;
}

function idOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const digits = /^(?:urn:uuid:)?\{?([0-9a-f-]+)\}?$/i.exec(value)?.[1]?.replaceAll('-', '');
  if (digits?.length !== 32) return undefined;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function timestampOf(value: unknown): string | undefined {
  if (typeof value === 'string') {
    if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return `${value}T00:00:00Z`;
    return /^\d+(\.\d+)?$/.test(value) ? timestampOf(Number(value)) : undefined;
  }
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return undefined;
  const seconds = value > MILLISECONDS_FROM ? value / 1000 : value;
  return seconds < MILLISECONDS_FROM ? toIso(Math.round(seconds * 1e6)) : undefined;
}
