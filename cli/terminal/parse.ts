import { InvalidArgumentError } from 'commander';
import { parseId } from '../command/operator-options.ts';
import { parseSince } from './since.ts';

/** Parses a limit. A limit of 0 is valid: it hands out no runs, unlike having no limit. */
export function parseLimit(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number of at least 0.');
}

export function parseCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number of at least 1.');
}

/** Parses `etl/nightly` into the names of a flow and a deployment. */
export function parseFlowAndName(text: string): { flow: string; deployment: string } {
  const [, flow, deployment] = /^([^/]+)\/([^/]+)$/.exec(text) ?? [];
  if (flow !== undefined && deployment !== undefined) return { flow, deployment };
  throw new InvalidArgumentError('Expected FLOW/NAME: dibs deployment ls lists them.');
}

/** Collects repeated `name=value` options. A value that is not valid JSON is taken as text. */
export function parseParam(
  text: string,
  before: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Expected name=value, as in n=3 or who=ann.');
  return { ...before, [text.slice(0, at)]: jsonOrText(text.slice(at + 1)) };
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Parses a time with its zone into ISO text. */
export function parseTime(text: string): string {
  if (/^\d{4}-/.test(text)) return parseSince(text);
  throw new InvalidArgumentError('Expected a time like 2026-11-23T10:00:00Z.');
}

/** Parses a duration such as `12h` or `90d` into seconds. */
export function parseSpan(text: string): number {
  const [, count, unit = ''] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  const seconds = { s: 1, m: 60, h: 3600, d: 86_400 }[unit];
  if (count !== undefined && seconds !== undefined) return Number(count) * seconds;
  throw new InvalidArgumentError('Expected a duration: 30m, 12h, 90d.');
}

/** Parses a duration from now into the ISO text of that time. */
export function parseIn(text: string, now = Date.now()): string {
  const ago = /^\d{1,6}[smhd]$/.test(text) ? Date.parse(parseSince(text, now)) : Number.NaN;
  if (!Number.isNaN(ago)) return new Date(now + (now - ago)).toISOString();
  throw new InvalidArgumentError('Expected a duration from now: 90s, 30m, 1h, 2d.');
}

/** Parses an id, or the names of a flow and a deployment: `etl/nightly`. */
export const parseIdOrName = (text: string) =>
  text.includes('/') ? parseFlowAndName(text) : parseId(text);
