import { failsInDatabase, killsServer, losesReplyOfDatabase } from '../injectors/injectors.ts';
import { leaseIsRenewedMeanwhile, sweepComesLate } from '../injectors/late-sweep.ts';
import { seesStaleIndex } from '../injectors/stale-index.ts';
import { messageCells } from './message-cells.ts';
import { and, type MessageCells } from './table.ts';

const SWEEPER = 'recover by the sweeper';

const atPoll = messageCells('recover');

/**
 * Recovery by the poll that notices the dead session, and by the sweep of every minute, which is
 * not an HTTP request.
 */
export const recoverRow: MessageCells = {
  ...atPoll,
  'reply lost, server and database': and(atPoll['reply lost, server and database'], {
    'of the sweeper: the same': losesReplyOfDatabase(SWEEPER),
  }),
  'request delivered twice, late': and(atPoll['request delivered twice, late'], {
    'a sweep that comes after another one, and after the next claim, takes nothing': sweepComesLate,
    'a sweep that comes after a heartbeat ends nothing': leaseIsRenewedMeanwhile,
  }),
  'throttled by the database': and(atPoll['throttled by the database'], {
    'each call of the sweeper in turn, and the next sweep does it': failsInDatabase(
      SWEEPER,
      'throttled',
      1,
    ),
  }),
  'transaction conflict': and(atPoll['transaction conflict'], {
    'each write of the sweeper in turn, and it goes again': failsInDatabase(SWEEPER, 'conflict', 1),
  }),
  'index 5 s stale': and(atPoll['index 5 s stale'], {
    'the sweeper reads it, and does no harm': seesStaleIndex(SWEEPER),
  }),
  'server killed between two writes': and(atPoll['server killed between two writes'], {
    'the sweeper after each write in turn, and the next sweep does the rest': killsServer(SWEEPER),
  }),
};
