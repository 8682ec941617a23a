/** Prints a JSON document, for programs. */
export const printJson = (value: unknown): void => console.log(JSON.stringify(value, null, 2));

/** Prints one line, for people. */
export const printLine = (text: string): void => console.log(oneLine(text));

/**
 * Prints plain columns with two spaces between them, which people can read and programs can split.
 */
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

/** Prints names and values, one pair per line. */
export function printPairs(pairs: ReadonlyArray<readonly [string, string]>): void {
  const width = Math.max(...pairs.map(([name]) => name.length));
  for (const [name, value] of pairs) console.log(`${name.padEnd(width)}  ${oneLine(value) || '-'}`);
}

/**
 * Prints text of several lines. Lines after the first are indented, so that none looks like a new
 * entry.
 */
export function printLines(text: string): void {
  console.log(text.split(/\r?\n/).map(visible).join('\n    ').trimEnd());
}

/** A time without fractions of a second, `2026-11-23T10:00:00Z`. No time is an empty text. */
export const shortTime = (iso: string | null): string =>
  iso === null ? '' : iso.replace(/(\.\d+)?(Z|\+00:00)$/, 'Z');

/** `1 run`, `2 runs`. */
export const countOf = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? '' : 's'}`;

/**
 * Replaces control characters: names and messages of others must not move the cursor or break a
 * line.
 */
export const oneLine = (text: string): string =>
  text.replaceAll(/\s*\p{Cc}[\p{Cc}\s]*/gu, ' ').trim();

/** Replaces control characters except tabs, which do no harm. */
const visible = (text: string): string => text.replaceAll(/[^\P{Cc}\t]+/gu, ' ');
