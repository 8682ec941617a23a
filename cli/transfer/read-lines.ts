import type * as z from 'zod';
import { parseExactly } from '../../client/exact-json.ts';
import { KINDS, TransferRecord } from './records.ts';

/** A record and where it stands; or why there is none. */
export type Item =
  | { readonly at: string; readonly record: TransferRecord }
  | { readonly at: string; readonly fault: string };

/** Each line of a file that `dibs export` wrote, or somebody by hand. Blank lines are none. */
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
    return `Expected a kind out of ${KINDS.join(', ')}; it is ${JSON.stringify(kind) ?? 'missing'}.`;
  }
  const field = issue?.path.join('.');
  return `${field ? `${field}: ` : ''}${issue?.message ?? 'It is no such record.'}.`;
}
