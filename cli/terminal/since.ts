import { InvalidArgumentError } from 'commander';

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Parses a duration before now (`1h`, `30m`, `2d`) or a time with its zone into ISO text. */
export function parseSince(text: string, now = Date.now()): string {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) {
    return new Date(Math.max(0, now - Number(count) * (UNIT_MS[unit] ?? 0))).toISOString();
  }
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const at = isTime ? Date.parse(text) : Number.NaN;
  if (at >= 0) return new Date(at).toISOString();
  throw new InvalidArgumentError(
    'Expected a duration before now (90s, 30m, 1h, 2d), or a time like 2026-11-23T10:00:00Z.',
  );
}
