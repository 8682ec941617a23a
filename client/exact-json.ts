/**
 * JSON whose numbers come out as they came in. JavaScript reads `1.0` as 1 and 12345678901234567890 as
 * 12345678901234567000; who passes on other people's JSON has to keep both. Such numbers are read as
 * what JSON.rawJSON makes, which JSON.stringify prints as the text it was; all others are plain.
 */

/** Of ES2026; Node has it from 21 on. */
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

/** A number as it was written, where a plain one would not say so. */
export const rawNumber = (value: unknown): string | undefined =>
  json.isRawJSON(value) ? value.rawJSON : undefined;
