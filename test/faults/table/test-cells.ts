import { describe, test } from 'vitest';
import { CELLS } from './cells.ts';
import { type Cell, WHAT, WHERE, type What, type Where, WITH_PROCESSES } from './table.ts';

/** Each test takes seconds, and more if many of them run on a busy machine. */
const TIMEOUT = { timeout: 600_000 };

function testCell(name: string, cell: Cell): void {
  if ('reason' in cell) return;
  describe(name, () => {
    for (const [holds, body] of Object.entries(cell.tests)) test(holds, TIMEOUT, body);
  });
}

/** Tests all cells of a row that need no processes. */
export function testRow(where: Where): void {
  describe.concurrent(`fault at: ${where}`, () => {
    for (const what of WHAT) {
      const withProcesses: readonly What[] = WITH_PROCESSES;
      if (!withProcesses.includes(what)) testCell(what, CELLS[where][what]);
    }
  });
}

/** Tests a column of cells. */
export function testColumn(what: (typeof WITH_PROCESSES)[number]): void {
  describe.concurrent(`fault: ${what}`, () => {
    for (const where of WHERE) testCell(`at: ${where}`, CELLS[where][what]);
  });
}
