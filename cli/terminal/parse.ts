import { InvalidArgumentError } from 'commander';
import { parseId } from '../command/operator-options.ts';
import { parseSince } from './since.ts';

/** A limit of 0 hands out nothing: it is one, and unlike none. */
export function parseLimit(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number from 0 on.');
}

export function parseCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number from 1 on.');
}

/** `etl/nightly`, as flow and deployment. */
export function parseFlowAndName(text: string): { flow: string; deployment: string } {
  const [, flow, deployment] = /^([^/]+)\/([^/]+)$/.exec(text) ?? [];
  if (flow !== undefined && deployment !== undefined) return { flow, deployment };
  throw new InvalidArgumentError('Expected FLOW/NAME: dibs deployment ls lists them.');
}

/** `k=v` after `k=v`. A value that is JSON is that; any other is the text it is. */
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

/** A time with its zone, as the ISO text of it. */
export function parseTime(text: string): string {
  if (/^\d{4}-/.test(text)) return parseSince(text);
  throw new InvalidArgumentError('Expected a time like 2026-11-23T10:00:00Z.');
}

/** `12h`, `90d`: as seconds. */
export function parseSpan(text: string): number {
  const [, count, unit = ''] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  const seconds = { s: 1, m: 60, h: 3600, d: 86_400 }[unit];
  if (count !== undefined && seconds !== undefined) return Number(count) * seconds;
  throw new InvalidArgumentError('Expected how long: 30m, 12h, 90d.');
}

/** How long from now, as the ISO text of that time. */
export function parseIn(text: string, now = Date.now()): string {
  const ago = /^\d{1,6}[smhd]$/.test(text) ? Date.parse(parseSince(text, now)) : Number.NaN;
  if (!Number.isNaN(ago)) return new Date(now + (now - ago)).toISOString();
  throw new InvalidArgumentError('Expected how long from now: 90s, 30m, 1h, 2d.');
}

/** An id, or `etl/nightly`. */
export const parseIdOrName = (text: string) =>
  text.includes('/') ? parseFlowAndName(text) : parseId(text);
