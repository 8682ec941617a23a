import { isNestedTooDeep, NESTED_AT_MOST } from '../../model/values/nesting.ts';

/**
 * The JSON in a text, as Python reads it: NaN and infinite numbers are taken, and are null then, as
 * they are in Prefect's database. Numbers stay as they are written.
 * @throws SyntaxError
 */
export function pythonJson(text: string): string {
  if (isNestedTooDeep(text)) {
    throw new SyntaxError(`JSON may be nested at most ${NESTED_AT_MOST} levels deep`);
  }
  const plain = text.replaceAll(NUMBERS_OF_PYTHON, (one) => (one.startsWith('"') ? one : 'null'));
  JSON.parse(plain);
  return plain.trim();
}

/** Texts come first, so that a NaN within one is part of it. */
const NUMBERS_OF_PYTHON = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\bInfinity\b|\bNaN\b/gs;
