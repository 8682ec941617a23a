/** The values that may replace placeholders, by name. */
export type Values = Readonly<Record<string, unknown>>;

/** `{{ name }}`. Placeholders of other kinds, such as `{{ prefect.blocks.x }}`, are left alone. */
export const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;

/** The name in a text that is one placeholder and nothing else. */
export const onlyPlaceholder = (text: string): string | undefined =>
  /^\s*\{\{\s*(\w+)\s*\}\}\s*$/.exec(text)?.[1];

/**
 * Replaces each `{{ name }}` by its value, at any depth. A text that is one placeholder and nothing
 * else becomes the value itself. In other texts, an object becomes JSON and a missing value becomes
 * nothing.
 */
export function fill(template: unknown, values: Values): unknown {
  if (Array.isArray(template)) return template.map((element) => fill(element, values));
  if (template !== null && typeof template === 'object') {
    return Object.fromEntries(
      Object.entries(template).map(([key, value]) => [key, fill(value, values)]),
    );
  }
  if (typeof template !== 'string') return template;
  const whole = onlyPlaceholder(template);
  if (whole !== undefined) return values[whole];
  return template.replace(PLACEHOLDER, (_, name: string) => asText(values[name]) ?? '');
}

export function asText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
