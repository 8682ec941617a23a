import type * as z from 'zod';
import { parseExactly } from '../../client/exact-json.ts';
import { KINDS, TransferRecord } from './records.ts';

/** A record and its place (`line 3`), or the reason why that line holds no record. */
export type Item =
  | { readonly at: string; readonly record: TransferRecord }
  | { readonly at: string; readonly fault: string };

/** Reads each line of a file that `dibs export` or a person wrote. Blank lines are ignored. */
export function readLines(text: string): Item[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  return lines.flatMap((line, i) => (line.trim() === '' ? [] : [readLine(line, `line ${i + 1}`)]));
}

function readLine(line: string, at: string): Item {
  let value: unknown;
  try {
    value = parseExactly(line);
  } catch (error) {
    return { at, fault: `Expected a JSON object on this line: ${(error as Error).message}.` };
  }
  const read = TransferRecord.safeParse(value);
  return read.success ? { at, record: read.data } : { at, fault: faultOf(read.error, value) };
}

function faultOf({ issues: [issue] }: z.ZodError, value: unknown): string {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return 'Expected a JSON object with a "kind".';
  }
  const kind = (value as { kind?: unknown }).kind;
  if (!KINDS.some((one) => one === kind)) {
    return `Expected one of the kinds ${KINDS.join(', ')}; found ${JSON.stringify(kind) ?? 'none'}.`;
  }
  const field = issue?.path.join('.');
  return `${field ? `${field}: ` : ''}${issue?.message ?? 'It is not a valid record.'}.`;
}
