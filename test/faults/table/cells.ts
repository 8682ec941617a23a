import {
  cancelComesLate,
  claimComesLate,
  decisionComesLate,
  retryIsNotClaimed,
} from '../injectors/late-writes.ts';
import { messageCells } from './message-cells.ts';
import { processCells } from './process-cells.ts';
import { recoverRow } from './recover-row.ts';
import { and, type Row, type Where } from './table.ts';

const LATE = 'request delivered twice, late';
const STALE = 'index 5 s stale';

const row = (where: Exclude<Where, 'recover'>): Row => ({
  ...messageCells(where),
  ...processCells(where),
});

/** A row whose step is one decision of the server, whose write may also come late. */
const decidedRow = (where: 'start' | 'finish' | 'give back'): Row => ({
  ...row(where),
  [LATE]: and(row(where)[LATE], {
    "decided on in time, and written when the run is another agent's": decisionComesLate(where),
  }),
});

/** The fault table: every place in a run's life, and everything that can go wrong there. */
export const CELLS: Readonly<Record<Where, Row>> = {
  open: row('open'),
  claim: {
    ...row('claim'),
    [LATE]: and(row('claim')[LATE], {
      'written after its session has ended: the run is found': claimComesLate,
    }),
    [STALE]: and(row('claim')[STALE], {
      'what waits for a retry in its process is not claimed by another': retryIsNotClaimed,
    }),
  },
  start: decidedRow('start'),
  heartbeat: row('heartbeat'),
  finish: decidedRow('finish'),
  'give back': decidedRow('give back'),
  cancel: {
    ...row('cancel'),
    [LATE]: and(row('cancel')[LATE], {
      'decided on before the run has ended, and written after it': cancelComesLate,
    }),
  },
  recover: { ...recoverRow, ...processCells('recover') },
};
