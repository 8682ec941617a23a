/**
 * JSON whose numbers are written as they were read. JavaScript reads `1.0` as 1 and
 * 12345678901234567890 as 12345678901234567000, but code that passes on other people's JSON must
 * keep both. Such numbers become JSON.rawJSON values, which JSON.stringify prints as the original
 * text. All others become plain numbers.
 */

/** Part of ES2026; Node has it since version 21. */
const json = JSON as unknown as {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): RawNumber;
  isRawJSON(value: unknown): value is RawNumber;
};

interface RawNumber {
  readonly rawJSON: string;
}

/** @throws SyntaxError */
export const parseExactly = (text: string): unknown =>
  json.parse(text, (_, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source
      ? json.rawJSON(source)
      : value,
  );

/** The original text of a number that a plain number would not reproduce. */
export const rawNumber = (value: unknown): string | undefined =>
  json.isRawJSON(value) ? value.rawJSON : undefined;
