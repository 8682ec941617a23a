/** JSON whose numbers keep their text: `1.0` is not `1`, and 2^53 + 1 is not 2^53. */

/** A number that JavaScript would write differently. */
export class Numeral {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Reviver = (key: string, value: unknown) => unknown;

export function parseJson(text: string): unknown {
  const keep = (_: string, value: unknown, { source }: { source?: string }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source
      ? new Numeral(source)
      : value;
  return JSON.parse(text, keep as unknown as Reviver);
}

export function toText(value: unknown): string {
  if (value instanceof Numeral) return value.text;
  if (Array.isArray(value)) return `[${value.map(toText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, one]) => `${JSON.stringify(key)}:${toText(one)}`,
  );
  return `{${members.join(',')}}`;
}

/** The value at a place such as `0.flow_run.id`. Undefined if there is none. */
export function valueAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (at, key) =>
        typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined,
      value,
    );
}
