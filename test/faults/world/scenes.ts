import { randomUUID } from 'node:crypto';
import { sweep } from '../../../core/recovery/sweep.ts';
import { SECOND } from '../../../model/values/instant.ts';
import type { ClaimedRun } from '../../support/work.ts';
import type { Where } from '../table/table.ts';
import { untilAnswered } from './api-agent.ts';
import type { Limits } from './limited-work.ts';
import type { Work, World } from './world.ts';

/**
 * A run's life up to a place, the step that meets the fault there, and the result that it must
 * have.
 */
export interface Scene {
  readonly work: Work;
  /** Takes the step, and retries until it is answered. */
  readonly step: () => Promise<void>;
  /** Checks the effect of the step, after it was answered. */
  readonly done: () => Promise<boolean>;
  /** The number of attempts until a run ends. Default: one. */
  readonly attempts: ReadonlyMap<string, number>;
  readonly cancelled: ReadonlySet<string>;
}

type Setting = (
  world: World,
  work: Work,
) => Promise<
  Omit<Scene, 'work' | 'attempts' | 'cancelled'> & {
    readonly again?: readonly string[];
    readonly cancelled?: readonly string[];
  }
>;

/**
 * Proposes a state as an agent or a cancelling user does: with a transition id, until it is
 * answered.
 */
export const cancelAsUser = async (world: World, id: string): Promise<void> => {
  const state_details = { transition_id: randomUUID() };
  const body = { state: { type: 'CANCELLING' as const, state_details } };
  await untilAnswered(() => world.client.setState({ id, body }));
};

const stateOf = async (world: World, { flow_run }: ClaimedRun) =>
  (await world.probe.readRun(flow_run.id))?.stateType;

async function claimOne(a: Work['a']): Promise<ClaimedRun> {
  await a.open();
  const [run] = await a.claim(1);
  if (!run) throw new Error('there was nothing to claim');
  return run;
}

async function startOne(a: Work['a']): Promise<ClaimedRun> {
  const run = await claimOne(a);
  await a.start(run);
  return run;
}

/** An agent holds two runs, one of which must be cancelled. Then it dies, and its lease expires. */
async function die(world: World, { a, b }: Work) {
  await b.open();
  await a.open();
  const [running, cancelling] = await a.claim(2);
  if (!running || !cancelling) throw new Error('there was nothing to claim');
  await a.start(running);
  await a.start(cancelling);
  await cancelAsUser(world, cancelling.flow_run.id);
  a.dead = true;
  await world.passTime(36 * SECOND, b);
  const lost = running.flow_run.id;
  const done = async () =>
    (await stateOf(world, cancelling)) === 'CANCELLED' &&
    (await world.probe.readRun(lost))?.losses === 1;
  return { again: [lost], cancelled: [cancelling.flow_run.id], done };
}

const SETTINGS = {
  open: async (world, { a }) => ({
    step: async () => void (await a.open()),
    done: async () => (await world.client.readWorkers({ name: a.pool })).length === 1,
  }),
  claim: async (_, { a }) => {
    await a.open();
    const step = async () => {
      // If all writes of a poll failed, the next poll recovers the runs.
      for (let polls = 0; a.held.size === 0 && polls < 5; polls++) await a.claim(2);
    };
    return { step, done: async () => a.held.size > 0 };
  },
  start: async (world, { a }) => {
    const run = await claimOne(a);
    const done = async () => (await stateOf(world, run)) === 'RUNNING';
    return { step: async () => void (await a.start(run)), done };
  },
  heartbeat: async (world, { a }) => {
    await startOne(a);
    const { name: pool } = { name: a.pool };
    const before = await leaseOf(world, pool, a.session);
    world.clock.jump(9 * SECOND);
    const done = async () => (await leaseOf(world, pool, a.session)) > before && a.held.size === 1;
    return { step: () => a.beat(), done };
  },
  finish: async (world, { a }) => {
    const run = await startOne(a);
    const done = async () => (await stateOf(world, run)) === 'COMPLETED';
    return { step: async () => void (await a.finish(run)), done };
  },
  'give back': async (world, { a }) => {
    const run = await claimOne(a);
    const done = async () => (await stateOf(world, run)) === 'SCHEDULED';
    return { step: async () => void (await a.giveBack(run)), done, again: [run.flow_run.id] };
  },
  cancel: async (world, { a }) => {
    const run = await startOne(a);
    const step = async () => {
      await cancelAsUser(world, run.flow_run.id);
      await a.beat();
      await a.cancelled(run);
    };
    const done = async () => (await stateOf(world, run)) === 'CANCELLED';
    return { step, done, cancelled: [run.flow_run.id] };
  },
  recover: async (world, work) => {
    const died = await die(world, work);
    const step = async () => {
      // The server tries again after some seconds.
      for (let polls = 0; polls < 5 && !(await died.done()); polls++) {
        await work.b.claim(1);
        world.clock.jump(4 * SECOND);
      }
    };
    return { ...died, step };
  },
  'recover by the sweeper': async (world, work) => {
    const died = await die(world, work);
    const step = async () => {
      // The sweeper runs every minute, whatever happened the last time.
      for (let minutes = 0; minutes < 3 && !(await died.done()); minutes++) {
        await Promise.race([sweep(world.stack.context).catch(() => {}), world.restarted]);
      }
    };
    return { ...died, step };
  },
} satisfies Record<Where | 'recover by the sweeper', Setting>;

export type SceneName = keyof typeof SETTINGS;

async function leaseOf(world: World, poolName: string, sessionId: string): Promise<number> {
  const pool = await world.probe.readPool(poolName, 'fresh');
  const session = pool && (await world.probe.readSession(pool.id, sessionId));
  return session?.leaseExpiresAt ?? 0;
}

/** Does everything up to the step. */
export async function setScene(world: World, name: SceneName, limits: Limits): Promise<Scene> {
  const work = await world.work(limits);
  const setting: Setting = SETTINGS[name];
  const { again = [], cancelled = [], ...scene } = await setting(world, work);
  return {
    ...scene,
    work,
    attempts: new Map(again.map((id) => [id, 2])),
    cancelled: new Set(cancelled),
  };
}
