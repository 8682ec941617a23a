import { expect } from 'vitest';
import { isFinal } from '../../../model/runs/state.ts';
import { SECOND } from '../../../model/values/instant.ts';
import type { Exchange } from '../../support/faulty-proxy.ts';
import { brokenInvariants } from '../invariants/invariants.ts';
import { LIMITED, UNLIMITED } from '../table/every-place.ts';
import type { Limits } from '../world/limited-work.ts';
import { type SceneName, setScene } from '../world/scenes.ts';
import { type Work, World } from '../world/world.ts';

/**
 * The messages of a step arrive a second time: at once, after another agent got their run, and
 * after all is over. They change nothing that their sender no longer holds.
 */
export const comesTwice = (name: SceneName) => async () => {
  for (const limits of [LIMITED, UNLIMITED]) {
    await using world = await World.create();
    await comeTwice(world, name, limits);
  }
};

async function comeTwice(world: World, name: SceneName, limits: Limits): Promise<void> {
  const { work, ...scene } = await setScene(world, name, limits);
  const before = world.proxy.exchanges.length;
  await scene.step();
  const messages = world.proxy.exchanges.slice(before);
  expect(messages).not.toEqual([]);

  await deliver(world, messages);
  expect(await scene.done()).toBe(true);
  expect(await brokenInvariants(world)).toEqual([]);

  await moveToB(world, work);
  const held = await runsOf(world, work);
  await deliver(world, messages);
  expect(await runsOf(world, work)).toEqual(held);
  expect(await brokenInvariants(world)).toEqual([]);

  await world.bringHome(work);
  const home = await runsOf(world, work);
  await deliver(world, messages);
  expect(await runsOf(world, work)).toEqual(home);
  expect(await brokenInvariants(world)).toEqual([]);
}

async function deliver(world: World, messages: readonly Exchange[]): Promise<void> {
  for (const message of messages) await world.proxy.resend(message);
}

/** Agent A dies, runs that have ended are retried, and agent B claims all runs that it can. */
export async function moveToB(world: World, work: Work): Promise<void> {
  const { a, b } = work;
  a.dead = true;
  await b.open();
  for (const { id, stateType } of await runsOf(world, work)) {
    if (isFinal(stateType)) {
      await world.client.setState({ id, body: { state: { type: 'SCHEDULED' } } });
    }
  }
  await world.passTime(36 * SECOND, b);
  const atOnce = work.limits.pool ?? work.runs.length;
  for (let polls = 0; polls < 5 && b.held.size < atOnce; polls++) {
    await b.claim(10);
    world.clock.jump(4 * SECOND);
  }
  expect(b.held.size).toBe(atOnce);
  for (const run of b.held.values()) await b.start(run);
}

export async function runsOf({ probe }: World, { runs }: Work) {
  return (await probe.readRuns(runs)).toSorted((one, other) => (one.id < other.id ? -1 : 1));
}
