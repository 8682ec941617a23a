import type { LimitStore } from '../../model/limits.ts';
import { bound } from '../dynamo/bound.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import { freeSlot, readLimits, readSlots, writeLimit } from './limits.ts';

export const limitStore = (db: Dynamo): LimitStore =>
  bound(db, { readLimits, readSlots, writeLimit, freeSlot });
