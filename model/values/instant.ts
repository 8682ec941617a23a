/**
 * An instant: whole microseconds since 1970 (UTC).
 *
 * Prefect speaks in microseconds, so instants keep them; the server's own clock gives milliseconds.
 * Fits a double exactly until the year 2255.
 */
export type Instant = number;

/** A length of time, in microseconds. */
export type Micros = number;

/** A length of time in seconds, where Prefect's API has it so. */
export type Seconds = number;

export const SECOND: Micros = 1_000_000;
export const MINUTE: Micros = 60 * SECOND;
export const HOUR: Micros = 60 * MINUTE;
export const DAY: Micros = 24 * HOUR;
/** The first moment of 2250, in whole digits of a key. */
export const LAST_INSTANT: Instant = 8_835_955_200 * SECOND;

/** `2026-11-23T14:08:47.770602Z`, always with six digits, so that texts sort as instants do. */
export function toIso(at: Instant): string {
  const micros = ((at % 1000) + 1000) % 1000;
  // biome-ignore lint/style/noRestrictedGlobals: a pure conversion, not a clock.
  const text = new Date((at - micros) / 1000).toISOString();
  return `${text.slice(0, -1)}${String(micros).padStart(3, '0')}Z`;
}

const RFC3339 = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * Reads RFC 3339, also with a blank for the `T` (Python's text form, which Prefect's polls use).
 * A text without an offset is UTC, as in Prefect. Digits beyond microseconds are cut off.
 * Gives undefined for anything else.
 */
export function fromIso(text: string): Instant | undefined {
  const match = RFC3339.exec(text);
  if (!match) return undefined;
  const [, day, time, fraction = '', offset = 'Z'] = match;
  // biome-ignore lint/style/noRestrictedGlobals: a pure conversion, not a clock.
  const ms = Date.parse(`${day}T${time}${offset.toUpperCase()}`);
  if (Number.isNaN(ms) || !isDay(day ?? '')) return undefined;
  return ms * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}

/** JavaScript takes February 30th for March 2nd. */
function isDay(day: string): boolean {
  // biome-ignore lint/style/noRestrictedGlobals: a pure conversion, not a clock.
  const midnight = new Date(`${day}T00:00:00Z`);
  return midnight.toISOString().startsWith(day);
}

/** `2026-11-23`, the UTC day; the listing indexes are cut by it. */
export function dayOf(at: Instant): string {
  return toIso(at).slice(0, 10);
}
