import { messageCells } from './message-cells.ts';
import { processCells } from './process-cells.ts';
import { recoverRow } from './recover-row.ts';
import type { Row, Where } from './table.ts';

const row = (where: Exclude<Where, 'recover'>): Row => ({
  ...messageCells(where),
  ...processCells(where),
});

/** The fault table: every place in a run's life, and everything that goes wrong there. */
export const CELLS: Readonly<Record<Where, Row>> = {
  open: row('open'),
  claim: row('claim'),
  start: row('start'),
  heartbeat: row('heartbeat'),
  finish: row('finish'),
  'give back': row('give back'),
  cancel: row('cancel'),
  recover: { ...recoverRow, ...processCells('recover') },
};
