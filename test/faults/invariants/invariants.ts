import { expect } from 'vitest';
import { isFinal } from '../../../model/runs/state.ts';
import type { World } from '../world/world.ts';
import { claimFaults, finishFaults, overlapFaults } from './claim-invariants.ts';
import { readLedger } from './ledger.ts';
import { placeFaults, slotFaults } from './place-invariants.ts';
import { scanTable } from './table-scan.ts';

/**
 * What holds after every fault, for every run and slot of the table:
 *
 * - a run is in exactly one place, the right one: its state, its entry in the dispatch index, its
 * claim
 *   and its slots agree (place-invariants.ts);
 * - each slot belongs to a live claim, and each live claim has its slots (place-invariants.ts);
 * - the claims of a run follow each other, and each belongs to the session that got it; accepted
 * states
 *   came from the holder at that time; no run was finished twice (claim-invariants.ts);
 * - no limit was exceeded, neither by the slots at any time nor by the claims in the history.
 */
export async function brokenInvariants(world: World): Promise<string[]> {
  const found = await scanTable(world.table);
  const ledger = readLedger(world.proxy.exchanges);
  const context = { ...world.stack.context, store: world.probe };
  const claims = await claimFaults(context, found, ledger);
  return [
    ...found.runs.flatMap(placeFaults),
    ...slotFaults(found),
    ...claims.faults,
    ...overlapFaults(found, claims.byRun),
    ...finishFaults(found, ledger, claims.byRun),
    ...world.excesses,
  ];
}

/** Checks that each of these runs ended once, after this many attempts, or was cancelled. */
export async function expectHome(
  world: World,
  expected: ReadonlyMap<string, { attempts: number; cancelled?: boolean }>,
): Promise<void> {
  const { runs } = await scanTable(world.table);
  const told = new Map(
    runs.map(({ run }) => {
      const finals = run.states.filter(({ type }) => type === 'COMPLETED' || type === 'CANCELLED');
      const executed = run.states.some(({ type }) => type === 'RUNNING');
      const attempts = run.attempt;
      return [run.id, { ended: finals.map(({ type }) => type), attempts, executed }];
    }),
  );
  for (const [id, { attempts, cancelled }] of expected) {
    expect(told.get(id)).toEqual({
      ended: [cancelled ? 'CANCELLED' : 'COMPLETED'],
      attempts,
      executed: cancelled ? expect.any(Boolean) : true,
    });
  }
}

/** Checks that every run ended once, and was executed before unless it was cancelled. */
export async function expectAllEnded(world: World): Promise<void> {
  const { runs } = await scanTable(world.table);
  const ends = runs.map(({ run }) => {
    const types = run.states.map(({ type }) => type);
    return types.filter(
      (type) => isFinal(type) || (type === 'RUNNING' && !types.includes('CANCELLED')),
    );
  });
  expect(runs).not.toEqual([]);
  for (const types of ends) {
    const executions = types.filter((type) => type === 'RUNNING').length;
    const [end, ...others] = types.slice(executions);
    expect(others).toEqual([]);
    if (end !== 'CANCELLED')
      expect({ end, executed: executions > 0 }).toEqual({ end: 'COMPLETED', executed: true });
  }
}
