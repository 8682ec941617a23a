import type { ClaimStore } from '../../model/runs/claim-store.ts';
import type { DispatchStore } from '../../model/runs/dispatch-store.ts';
import type { PauseStore } from '../../model/runs/pause-store.ts';
import { bound } from '../dynamo/bound.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import { grantSlot } from '../limits/limits.ts';
import { claim } from './claim.ts';
import { forgetPause, listDuePauses, notePause } from './pauses.ts';
import { transition } from './transition.ts';
import { listByHand, listClaimed, listReady, moveToLane } from './waiting-runs.ts';

export const claimStore = (db: Dynamo): ClaimStore & DispatchStore & PauseStore =>
  bound(db, {
    claim,
    transition,
    grantSlot,
    listReady,
    listClaimed,
    listByHand,
    moveToLane,
    notePause,
    listDuePauses,
    forgetPause,
  });
