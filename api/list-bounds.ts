import * as z from 'zod';
import { NUMBERS } from '../model/values/numbers.ts';
import { asSent, EACH, type Path, within } from './schema-path.ts';

interface ListBound {
  readonly path: Path;
  readonly atMost: number;
}

/**
 * The lists in bodies of a schema, and how many items each may have. The schema itself would look at
 * the length only after it has checked every item, so a long list of wrong items would take minutes.
 */
export function listBounds(schema: z.ZodType, path: Path = []): ListBound[] {
  const sent = asSent(schema);
  if (sent instanceof z.ZodUnion) {
    return sent.options.flatMap((option) => listBounds(option as z.ZodType, path));
  }
  const inside = within(sent).flatMap(([step, field]) => listBounds(field, [...path, step]));
  if (!(sent instanceof z.ZodArray)) return inside;
  return [{ path, atMost: Number(sent._zod.bag['maximum'] ?? NUMBERS.listItems) }, ...inside];
}

/** A list that is longer than it may be, and where it is. */
export interface LongList {
  readonly at: readonly string[];
  readonly length: number;
  readonly atMost: number;
}

export function findLongList(body: unknown, bounds: readonly ListBound[]): LongList | undefined {
  for (const { path, atMost } of bounds) {
    const found = longList(body, path, atMost);
    if (found) return { ...found, atMost };
  }
  return undefined;
}

function longList(
  value: unknown,
  [step, ...rest]: Path,
  atMost: number,
): { at: string[]; length: number } | undefined {
  if (step === undefined) {
    const isLong = Array.isArray(value) && value.length > atMost;
    return isLong ? { at: [], length: value.length } : undefined;
  }
  if (value === null || typeof value !== 'object') return undefined;
  const keys = step === EACH ? Object.keys(value) : [step];
  for (const key of keys) {
    const found = longList((value as Record<string, unknown>)[key], rest, atMost);
    if (found) return { ...found, at: [key, ...found.at] };
  }
  return undefined;
}
