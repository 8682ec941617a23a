import { expect } from 'vitest';
import type { Guard } from '../../../model/runs/claim-store.ts';
import type { Store } from '../../../model/store.ts';
import { SECOND } from '../../../model/values/instant.ts';
import { brokenInvariants } from '../invariants/invariants.ts';
import { LIMITED, UNLIMITED } from '../table/every-place.ts';
import type { Limits } from '../world/limited-work.ts';
import { cancelAsUser, type SceneName, setScene } from '../world/scenes.ts';
import { type Work, World } from '../world/world.ts';
import { moveToB, runsOf } from './delivered-twice.ts';
import { HeldWrite } from './held-write.ts';

/** Holds up the first transition that is written after this injector is armed. */
function holdingTransitions(held: HeldWrite) {
  let isArmed = false;
  let isLimited = false;
  // A run that holds slots is not ended by a blind write: that write only asks for the item.
  const isQuestion = (guard: Guard) => isLimited && guard.kind === 'plain' && guard.ends;
  const wrapStore = (store: Store): Store => ({
    ...store,
    transition: (to, guard) => {
      const write = () => store.transition(to, guard);
      return isArmed && !isQuestion(guard) ? held.pass(write) : write();
    },
  });
  return {
    wrapStore,
    arm: (limits: Limits) => {
      isArmed = true;
      isLimited = limits !== UNLIMITED;
    },
  };
}

/**
 * The server has decided on an agent's proposal, and its write comes when another agent holds the
 * run.
 */
export const decisionComesLate = (name: SceneName) => async () => {
  for (const limits of [LIMITED, UNLIMITED]) {
    const held = new HeldWrite();
    const { wrapStore, arm } = holdingTransitions(held);
    await using world = await World.create({ wrapStore });
    const { work, step } = await setScene(world, name, limits);
    arm(limits);
    const stepping = step();
    await held.arrived;
    await moveToB(world, work);
    const before = await runsOf(world, work);
    expect(await held.free()).toMatchObject({ done: false });
    await stepping;
    expect(await runsOf(world, work)).toEqual(before);
    await expectEndsWell(world, work);
  }
};

/**
 * The server decides on a user's cancel while the run is RUNNING, and writes it when the run is
 * COMPLETED.
 */
export async function cancelComesLate(): Promise<void> {
  for (const limits of [LIMITED, UNLIMITED]) {
    const held = new HeldWrite();
    const { wrapStore, arm } = holdingTransitions(held);
    await using world = await World.create({ wrapStore });
    const { work } = await setScene(world, 'finish', limits);
    const [run] = [...work.a.held.values()];
    if (!run) throw new Error('it holds nothing');
    arm(limits);
    const cancelling = cancelAsUser(world, run.flow_run.id);
    await held.arrived;
    expect(await work.a.finish(run)).toBe('ACCEPT');
    expect(await held.free()).toMatchObject({ done: false });
    await cancelling;
    expect((await world.probe.readRun(run.flow_run.id))?.stateType).toBe('COMPLETED');
    await work.b.open();
    await expectEndsWell(world, work);
  }
}

/**
 * An agent ends its session while a write of its last claim is in progress. The run is found
 * anyway.
 */
export async function claimComesLate(): Promise<void> {
  for (const limits of [LIMITED, UNLIMITED]) {
    const held = new HeldWrite();
    const wrapStore = (store: Store): Store => ({
      ...store,
      claim: (attempt) => held.pass(() => store.claim(attempt)),
    });
    await using world = await World.create({ wrapStore });
    const work = await world.work(limits);
    const { a, b } = work;
    await a.open();
    await b.open();
    const claiming = a.claim(1);
    await held.arrived;
    a.dead = true;
    await a.sayGoodbye();
    // This poll looks at what the dead session holds, and claims nothing, because no run waits
    // there.
    await b.claim(1, ['default']);
    await world.passTime(5 * SECOND, b);
    expect(await held.free()).toMatchObject({ won: true });
    await claiming;
    expect(await brokenInvariants(world)).toEqual([]);
    await expectEndsWell(world, work);
  }
}

/**
 * A held run that is SCHEDULED and due: its process waits for the retry, and the index lists it as
 * waiting.
 */
export async function retryIsNotClaimed(): Promise<void> {
  await using world = await World.create({ lag: 5 * SECOND });
  for (const limits of [LIMITED, UNLIMITED]) {
    const work = await world.work(limits, 1);
    const { a, b } = work;
    const [id = ''] = work.runs;
    await world.client.updateFlowRun({ id, body: { empirical_policy: { retries: 3 } } });
    await a.open();
    await b.open();
    const [run] = await a.claim(1);
    if (!run) throw new Error('there was nothing to claim');
    await a.start(run);
    expect(await a.fail(run)).toBe('REJECT');
    expect(await world.probe.readRun(id)).toMatchObject({ stateType: 'SCHEDULED', attempt: 1 });
    expect(await b.claim(1)).toEqual([]);
    expect(await brokenInvariants(world)).toEqual([]);
    expect(await a.start(run)).toBe('ACCEPT');
    await expectEndsWell(world, work);
  }
}

async function expectEndsWell(world: World, work: Work): Promise<void> {
  expect(await brokenInvariants(world)).toEqual([]);
  await world.bringHome(work);
  expect(await brokenInvariants(world)).toEqual([]);
}
