import { expect, test } from 'vitest';
import { CELLS } from './table/cells.ts';
import { WHAT, WHERE } from './table/table.ts';

test('the fault table has no hole: each place and fault has its tests, or a reason why not', () => {
  const holes = WHERE.flatMap((where) =>
    WHAT.filter((what) => {
      const cell = CELLS[where]?.[what];
      if (!cell) return true;
      return 'tests' in cell ? Object.keys(cell.tests).length === 0 : cell.reason.trim() === '';
    }).map((what) => `${where}: ${what}`),
  );
  expect(holes).toEqual([]);
  expect(Object.keys(CELLS).toSorted()).toEqual([...WHERE].toSorted());
});
