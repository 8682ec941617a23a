import { jsonExcess } from '../../model/values/json-excess.ts';

/**
 * The JSON in a text, as Python reads it: NaN and infinite numbers are taken, and are null then, as
 * they are in Prefect's database. Numbers stay as they are written.
 * @throws SyntaxError
 */
export function pythonJson(text: string): string {
  const excess = jsonExcess(text);
  if (excess) throw new SyntaxError(excess.message);
  const plain = text.replaceAll(NUMBERS_OF_PYTHON, (one) => (one.startsWith('"') ? one : 'null'));
  JSON.parse(plain);
  return plain.trim();
}

/** Texts come first, so that a NaN within one is part of it. */
const NUMBERS_OF_PYTHON = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\bInfinity\b|\bNaN\b/gs;
