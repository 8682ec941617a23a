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
 * The real agent is frozen (SIGSTOP) while its message is on the way. Meanwhile its lease expires,
 * and another agent brings its runs to their end. Then the message arrives, the agent continues,
 * and learns that it holds nothing anymore.
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

/** An agent is frozen right after its message took effect. Then it continues as it intended. */
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

/** Another agent takes the runs over when the lease expires, and brings them to their end. */
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
