import type { ProcessCells, Where } from './table.ts';

/** The cells that need real agent processes. */
export function processCells(_where: Where): ProcessCells {
  const cell = { reason: 'to come' };
  return {
    'process killed': cell,
    'process frozen past its lease': cell,
    'agent clock an hour off': cell,
  };
}
