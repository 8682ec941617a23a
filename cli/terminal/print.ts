/** A document for programs. */
export const printJson = (value: unknown): void => console.log(JSON.stringify(value, null, 2));

/** Lines for people. */
export const printLine = (text: string): void => console.log(oneLine(text));

/** Plain columns, two blanks apart: readable, and easy to cut apart. */
export function printTable(
  headers: readonly string[],
  rows: ReadonlyArray<readonly string[]>,
): void {
  const lines = [headers, ...rows].map((row) => row.map((cell) => oneLine(cell) || '-'));
  const widths = headers.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  for (const line of lines) {
    const cells = line.map((cell, i) => cell.padEnd(widths[i] ?? 0));
    console.log(cells.join('  ').trimEnd());
  }
}

/** What is known of one thing, a line each. */
export function printPairs(pairs: ReadonlyArray<readonly [string, string]>): void {
  const width = Math.max(...pairs.map(([name]) => name.length));
  for (const [name, value] of pairs) console.log(`${name.padEnd(width)}  ${oneLine(value) || '-'}`);
}

/** Text of several lines: those after the first are set in, so that none looks like another's. */
export function printLines(text: string): void {
  console.log(text.split(/\r?\n/).map(visible).join('\n    ').trimEnd());
}

/** `2026-11-23T10:00:00Z`; nothing for what has not been yet. */
export const shortTime = (iso: string | null): string =>
  iso === null ? '' : iso.replace(/(\.\d+)?(Z|\+00:00)$/, 'Z');

/** `1 run`, `2 runs`. */
export const countOf = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? '' : 's'}`;

/** Names and messages are other people's: nothing in them moves the cursor or breaks a line. */
export const oneLine = (text: string): string =>
  text.replaceAll(/\s*\p{Cc}[\p{Cc}\s]*/gu, ' ').trim();

/** A tab moves nothing that matters. */
const visible = (text: string): string => text.replaceAll(/[^\P{Cc}\t]+/gu, ' ');
