import { expect } from 'vitest';
import { untilGone } from '../../support/processes.ts';
import { brokenInvariants, expectAllEnded } from '../invariants/invariants.ts';
import { LIMITED, UNLIMITED } from '../table/every-place.ts';
import type { Where } from '../table/table.ts';
import { AgentLife } from './agent-life.ts';
import { AGENT_PLACES } from './agent-places.ts';
import { ApiAgent } from './api-agent.ts';
import { setScene } from './scenes.ts';
import { World } from './world.ts';

/** The real agent is killed after its message took effect and before it gets the response. */
export const killedAfterEffect = (where: Where) => async () => {
  const killed = Promise.withResolvers<void>();
  await using life = await AgentLife.begin({
    place: AGENT_PLACES[where],
    fate: (agent) => ({
      after: async () => {
        agent.child.kill('SIGKILL');
        await agent.ended;
        killed.resolve();
      },
      loses: 'reply',
    }),
  });
  const { world, work } = life;
  await killed.promise;
  // None of its child processes outlives it.
  for (const pid of life.pids) await untilGone(pid);
  expect(await brokenInvariants(world)).toEqual([]);
  await work.b.open();
  await world.bringHome(work);
  expect(await brokenInvariants(world)).toEqual([]);
  await expectAllEnded(world);
};

/** An agent is killed before its message arrives, and nobody sends it again. */
export const killedBeforeEffect = (where: Where) => async () => {
  await using world = await World.create();
  for (const limits of [LIMITED, UNLIMITED]) {
    const { work, step } = await setScene(world, where, limits);
    world.proxy.meddle = () => ({ loses: 'request' });
    await step().catch(() => {});
    world.proxy.meddle = () => undefined;
    const who = where === 'recover' ? work.b : work.a;
    who.dead = true;
    expect(await brokenInvariants(world)).toEqual([]);
    const healthy = new ApiAgent(world.client, work.pool, 'healthy');
    await healthy.open();
    await world.bringHome({ ...work, b: healthy });
    expect(await brokenInvariants(world)).toEqual([]);
  }
  await expectAllEnded(world);
};
