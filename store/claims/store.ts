import type { CancellationStore } from '../../model/runs/cancellation-store.ts';
import type { ClaimStore } from '../../model/runs/claim-store.ts';
import type { DispatchStore } from '../../model/runs/dispatch-store.ts';
import type { PauseStore } from '../../model/runs/pause-store.ts';
import { bound } from '../dynamo/bound.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import { grantSlot } from '../limits/limits.ts';
import { forgetCancellation, listCancellations, noteCancellation } from './cancellations.ts';
import { claim } from './claim.ts';
import { forgetPause, listDuePauses, notePause } from './pauses.ts';
import { transition } from './transition.ts';
import { listByHand, listClaimed, listReady, moveToLane } from './waiting-runs.ts';

type Claims = ClaimStore & DispatchStore & PauseStore & CancellationStore;

export const claimStore = (db: Dynamo): Claims =>
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
    noteCancellation,
    listCancellations,
    forgetCancellation,
  });
