import { scopeKey } from '../../../model/limits.ts';
import type { Run } from '../../../model/runs/run.ts';
import { isFinal } from '../../../model/runs/state.ts';
import { idText } from '../../../store/table/binary.ts';
import type { Item } from '../../../store/table/item.ts';
import { type Found, type FoundSlot, limitsOf, scopeText } from './table-scan.ts';

const CLAIM = ['claimedBy', 'claimSecret', 'claimId'] as const;

/** Where a run may be listed. Written again here, independently of the code under test. */
function placeOf(run: Run, holder: string | undefined): RegExp | undefined {
  const waits = run.inLane ? `~${run.deploymentId}` : '#0';
  switch (run.stateType) {
    case 'SCHEDULED':
      if (holder) return new RegExp(`^CLAIMED#${holder} \\d{16}#${run.id}$`);
      return new RegExp(`^READY#${run.queueId}${waits} \\d{16}#${run.id}$`);
    case 'PENDING':
    case 'RUNNING':
      return new RegExp(`^CLAIMED#${holder} \\d{16}#${run.id}$`);
    case 'CANCELLING':
      return new RegExp(`^CLAIMED#${holder} ~cancel#\\d{16}#${run.id}$`);
    case 'FAILED':
    case 'CRASHED':
      return new RegExp(`^FAILED#[\\d-]{10}#\\d \\d{16}#${run.id}$`);
    default:
      return undefined;
  }
}

/** Compares the state, the claim and the place of one run with each other. */
export function placeFaults({ run, item }: { run: Run; item: Item }): string[] {
  const faults: string[] = [];
  const { stateType } = run;
  const wrong = (what: string) => faults.push(`${stateType} ${run.id}: ${what}`);
  const parts = CLAIM.filter((name) => item[name] !== undefined);
  if (parts.length % CLAIM.length !== 0) wrong(`a claim of nothing but ${parts.join(', ')}`);
  const holder = item['claimedBy'] ? idText(item['claimedBy'] as Uint8Array) : undefined;
  const mustBeHeld = ['PENDING', 'RUNNING', 'CANCELLING'].includes(stateType);
  if (mustBeHeld && !holder) wrong('nobody holds it');
  if (isFinal(stateType) && holder) wrong(`it has ended, and ${holder} holds it`);
  if (!holder && item['slots'] !== undefined) wrong('nobody holds it, and it has slots');
  const listed = item['gsi1pk'] === undefined ? undefined : `${item['gsi1pk']} ${item['gsi1sk']}`;
  const place = placeOf(run, holder);
  if (place ? !place.test(listed ?? '') : listed !== undefined) {
    wrong(`listed as ${listed}, not as ${place}`);
  }
  if ((item['expiresAt'] !== undefined) !== isFinal(stateType)) wrong('kept for the wrong time');
  return faults;
}

/**
 * Compares slots and claims in both directions, and checks that there are no more slots than the
 * limit.
 */
export function slotFaults(found: Found): string[] {
  const byId = new Map(found.runs.map(({ run }) => [run.id, run]));
  const stranded = found.slots.filter((slot) => !isHeld(slot, byId.get(slot.runId)));
  const held = new Set(found.slots.map((slot) => slotText(slot.scope, slot.k, slot.runId)));
  const lacking = found.runs.flatMap(({ run }) => {
    const mine = run.slots.map(({ scope }) => scopeKey(scope));
    const gone = run.slots.filter(
      ({ scope, k }) => !held.has(slotText(scopeKey(scope), k, run.id)),
    );
    const needed = run.claim ? limitsOf(found, run).filter((one) => one.settlesAt === null) : [];
    return [
      ...gone.map(({ scope, k }) => `${run.id} has no slot ${k} of ${scopeKey(scope)}`),
      ...needed
        .filter((limit) => !mine.includes(scopeText(limit)))
        .map((limit) => `${run.id} is claimed without a slot of ${scopeText(limit)}`),
      ...(new Set(mine).size < mine.length ? [`${run.id} has two slots of one limit`] : []),
    ];
  });
  return [
    ...stranded.map(({ scope, k, runId }) => `slot ${k} of ${scope} is stranded: ${runId}`),
    ...lacking,
  ];
}

const slotText = (scope: string, k: number, runId: string): string => `${scope} ${k} ${runId}`;

const isHeld = ({ scope, k, attempt, sessionId }: FoundSlot, run: Run | undefined): boolean =>
  run?.claim?.sessionId === sessionId &&
  run.attempt === attempt &&
  run.slots.some((slot) => scopeKey(slot.scope) === scope && slot.k === k);
