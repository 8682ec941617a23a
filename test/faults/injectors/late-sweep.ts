import { expect } from 'vitest';
import type { Store } from '../../../model/store.ts';
import { SECOND } from '../../../model/values/instant.ts';
import { expectHeals, LIMITED } from '../table/every-place.ts';
import { setScene } from '../world/scenes.ts';
import { World } from '../world/world.ts';
import { HeldWrite } from './held-write.ts';

/**
 * A sweep has decided to give a dead agent's run back, and its write comes late: another sweep has
 * done it meanwhile, and another agent holds the run.
 */
export async function sweepComesLate(): Promise<void> {
  const held = new HeldWrite();
  const wrapStore = (store: Store): Store => ({
    ...store,
    transition: (to, guard) => {
      const write = () => store.transition(to, guard);
      const requeues = to.state.type === 'SCHEDULED' && guard.kind === 'decided' && guard.heldBy;
      return requeues ? held.pass(write) : write();
    },
  });
  await using world = await World.create({ wrapStore });
  const scene = await setScene(world, 'recover', LIMITED);
  const { b } = scene.work;
  const step = scene.step();
  await held.arrived;
  await world.restartServer();
  await b.claim(2);
  const [mine] = [...b.held.values()].filter(({ flow_run }) => scene.attempts.has(flow_run.id));
  if (!mine) throw new Error('the other sweep gave nothing back');
  await b.start(mine);
  const before = await world.probe.readRun(mine.flow_run.id);
  expect(await held.free()).toMatchObject({ done: false });
  await step;
  expect(await world.probe.readRun(mine.flow_run.id)).toEqual(before);
  await expectHeals(world, scene);
}

/** A sweep has found an expired lease, and the agent's heartbeat comes before the sweep's write. */
export async function leaseIsRenewedMeanwhile(): Promise<void> {
  const held = new HeldWrite();
  const wrapStore = (store: Store): Store => ({
    ...store,
    endSession: (ending) => held.pass(() => store.endSession(ending)),
  });
  await using world = await World.create({ wrapStore });
  const work = await world.work(LIMITED);
  const { a, b } = work;
  await a.open();
  await b.open();
  const [run] = await a.claim(1);
  if (!run) throw new Error('there was nothing to claim');
  await a.start(run);
  await world.passTime(36 * SECOND, b);
  const polling = b.claim(1);
  await held.arrived;
  await a.beat();
  expect(await held.free()).toBe(false);
  await polling;
  expect(a.held.size).toBe(1);
  expect(await a.finish(run)).toBe('ACCEPT');
  const none = { attempts: new Map(), cancelled: new Set<string>() };
  const scene = { work, step: async () => {}, done: async () => true, ...none };
  await expectHeals(world, scene);
}
