import { expect } from 'vitest';
import { SECOND } from '../../../model/values/instant.ts';
import { brokenInvariants, expectAllEnded } from '../invariants/invariants.ts';
import { LIMITED, UNLIMITED } from '../table/every-place.ts';
import type { Where } from '../table/table.ts';
import { AgentLife } from './agent-life.ts';
import { AGENT_PLACES } from './agent-places.ts';
import { ApiAgent } from './api-agent.ts';
import { setScene } from './scenes.ts';
import { type Work, World } from './world.ts';

/**
 * The real agent is stopped (SIGSTOP) with its message under way. While it stands still its lease
 * lapses, and another agent brings its runs to their end. Then its message arrives, it goes on, and
 * hears that nothing is its own any more.
 */
export const frozenBeforeEffect = (where: Where) => async () => {
  const frozen = Promise.withResolvers<void>();
  const thawed = Promise.withResolvers<void>();
  const place = AGENT_PLACES[where];
  await using life = await AgentLife.begin({
    place,
    fate: (agent) => ({
      before: () => {
        agent.child.kill('SIGSTOP');
        frozen.resolve();
        return thawed.promise;
      },
    }),
  });
  const { world, work, agent } = life;
  await frozen.promise;
  expect(await brokenInvariants(world)).toEqual([]);
  const { ended } = await takeOver(world, work);
  life.openGate();
  agent.child.kill('SIGCONT');
  thawed.resolve();
  if (place.stops) await agent.ended;
  else await life.expectHealthy();
  expect(await endsOf(world, work)).toEqual(ended);
  expect(await brokenInvariants(world)).toEqual([]);
  await expectAllEnded(world);
};

/** An agent stands still right after its message has had its effect; then it goes on as it meant to. */
export const frozenAfterEffect = (where: Where) => async () => {
  await using world = await World.create();
  for (const limits of [LIMITED, UNLIMITED]) {
    const { work, step } = await setScene(world, where, limits);
    await step();
    const who = where === 'recover' ? work.b : work.a;
    const believed = [...who.held.values()];
    who.dead = true;
    const { ended } = await takeOver(world, work);
    who.dead = false;
    for (const run of believed) {
      expect(await who.finish(run)).toBe('claim_lost');
      expect(await who.giveBack(run)).toBe('claim_lost');
    }
    await who.live();
    expect(await endsOf(world, work)).toEqual(ended);
    expect(await brokenInvariants(world)).toEqual([]);
  }
  await expectAllEnded(world);
};

/** Another agent takes what lapses, and brings it to its end. */
async function takeOver(world: World, work: Work) {
  const other = new ApiAgent(world.client, work.pool, 'other');
  await other.open();
  await world.passTime(36 * SECOND, other);
  await world.bringHome({ ...work, a: other, b: other });
  return { ended: await endsOf(world, work) };
}

async function endsOf({ probe }: World, { runs }: Work) {
  return (await probe.readRuns(runs)).toSorted((one, other) => (one.id < other.id ? -1 : 1));
}
