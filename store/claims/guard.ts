import type { Guard, Holding } from '../../model/runs/claim-store.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import {
  allOf,
  historyIsShort,
  itHoldsNoSlot,
  itIsNotResuming,
  itIsNotTooLate,
  itIsOfThisQueueAndDeployment,
  itsSlotsAreTheOnesRead,
  itsTimeHasCome,
  nobodyHoldsIt,
  nobodyPatchedIt,
  notAnsweredBefore,
  retriesAreUsedUp,
  thePatchIsTheOneRead,
  theStateIsOneOf,
  theStateIsTheOneRead,
  thisClaimIsCurrent,
  thisSessionHoldsIt,
} from '../conditions.ts';
import { toHeldSlot } from '../limits/slot-entry.ts';
import { idBytes, secretBytes } from '../table/binary.ts';

/** A condition's text, and the values that it names. */
interface Condition {
  readonly text: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** A guard in the words of store/conditions.ts. */
export function conditionOf(guard: Guard): Condition {
  if (guard.kind === 'decided') return decidedCondition(guard);
  const from = Object.fromEntries(guard.from.map((type, i) => [`:from${i}`, type]));
  const holding = holdingCondition(guard.by);
  return {
    text: allOf(
      holding.text,
      notAnsweredBefore,
      historyIsShort,
      ...(guard.by.kind === 'nobody' ? [] : [itIsNotResuming]),
      theStateIsOneOf(Object.keys(from)),
      ...(guard.dueBy === undefined ? [] : [itsTimeHasCome]),
      ...(guard.noRetryLeft ? [retriesAreUsedUp] : []),
      ...(guard.ends ? [itHoldsNoSlot] : []),
    ),
    values: {
      ...from,
      ...holding.values,
      ':statesBlindly': NUMBERS.statesBlindly,
      ...(guard.dueBy === undefined ? {} : { ':now': guard.dueBy }),
    },
  };
}

function holdingCondition(by: Holding): Condition {
  switch (by.kind) {
    case 'claim':
      return {
        text: thisClaimIsCurrent,
        values: { ':secret': secretBytes(by.secret), ':attempt': by.attempt },
      };
    case 'session':
      return { text: thisSessionHoldsIt, values: { ':session': idBytes(by.sessionId) } };
    case 'nobody':
      return {
        text: allOf(nobodyHoldsIt, itIsNotTooLate, itIsOfThisQueueAndDeployment),
        values: {
          ':now': by.at,
          ':queueId': idBytes(by.queueId),
          ':deploymentId': idBytes(by.deploymentId),
        },
      };
  }
}

function decidedCondition({ run, heldBy, untouched }: Guard & { kind: 'decided' }): Condition {
  const { slots, patchedAt } = run;
  const patched = untouched && patchedAt !== undefined;
  return {
    text: allOf(
      theStateIsTheOneRead,
      slots.length > 0 ? itsSlotsAreTheOnesRead : itHoldsNoSlot,
      ...(heldBy ? [thisSessionHoldsIt] : []),
      ...(untouched ? [patched ? thePatchIsTheOneRead : nobodyPatchedIt] : []),
    ),
    values: {
      ':readStateId': idBytes(run.stateId),
      ...(slots.length > 0 ? { ':readSlots': slots.map(toHeldSlot) } : {}),
      ...(heldBy ? { ':session': idBytes(heldBy) } : {}),
      ...(patched ? { ':readPatch': patchedAt } : {}),
    },
  };
}
