import { expect } from 'vitest';
import { sweep } from '../../../core/recovery/sweep.ts';
import { SECOND } from '../../../model/values/instant.ts';
import { brokenInvariants } from '../invariants/invariants.ts';
import { expectHeals, LIMITED, UNLIMITED } from '../table/every-place.ts';
import { type SceneName, setScene } from '../world/scenes.ts';
import { World } from '../world/world.ts';

/**
 * The index is 5 s behind: right after a step, all its readers (polls, heartbeats, the sweeper) see
 * the run where it was before.
 */
export const seesStaleIndex = (name: SceneName) => async () => {
  await using world = await World.create({ lag: 5 * SECOND });
  for (const limits of [LIMITED, UNLIMITED]) {
    const scene = await setScene(world, name, limits);
    const { a, b } = scene.work;
    await scene.step();
    expect(await scene.done()).toBe(true);
    await b.open();
    for (let seconds = 0; seconds <= 6; seconds += 3) {
      for (const agent of [a, b]) {
        if (agent.dead) continue;
        await agent.beat();
        await agent.claim(10);
      }
      await sweep(world.stack.context);
      expect(await brokenInvariants(world)).toEqual([]);
      world.clock.jump(3 * SECOND);
    }
    await expectHeals(world, scene);
  }
};
