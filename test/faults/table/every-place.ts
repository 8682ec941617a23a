import { expect } from 'vitest';
import { brokenInvariants, expectHome } from '../invariants/invariants.ts';
import type { Limits } from '../world/limited-work.ts';
import { type Scene, type SceneName, setScene } from '../world/scenes.ts';
import { World, type WorldOptions } from '../world/world.ts';

/** Makes one thing fail, and reports whether there was such a thing. */
export interface Injector {
  /** Makes the nth thing from now on fail. */
  arm(nth: number): void;
  disarm(): boolean;
  /** Runs beside the step, which continues as if nothing happened. */
  during?(step: Promise<void>): Promise<void>;
}

/** Limits for steps that take and free slots. Without limits, the writes are different ones. */
export const LIMITED: Limits = { pool: 2, deployment: 2 };
export const UNLIMITED: Limits = {};

interface StrikeOptions extends WorldOptions {
  /** The server handles the fault itself, and no caller gets an error. */
  readonly unheard?: boolean;
}

const failuresTold = ({ proxy }: World): string[] =>
  proxy.exchanges
    .filter(({ reply }) => reply && reply.status >= 500)
    .map(({ path, reply }) => `${path}: ${reply?.body.toString()}`);

/**
 * Takes a step of a run's life, once for each place where a fault can strike: at its first message,
 * at its second, and so on until none is left. The caller of the step retries until it is answered.
 * Then the step must have had its effect exactly once, all invariants must hold, and a healthy
 * agent brings every run to its end.
 */
export async function atEveryPlace(
  name: SceneName,
  options: StrikeOptions,
  inject: (world: World) => Injector,
): Promise<void> {
  for (const limits of [LIMITED, UNLIMITED]) {
    await using worlds = new Worlds(options, name === 'recover by the sweeper');
    let nth = 1;
    for (let struck = true; struck; nth++) {
      const world = await worlds.next();
      struck = await strikeOnce(world, await setScene(world, name, limits), inject(world), nth);
      if (options.unheard) expect(failuresTold(world)).toEqual([]);
    }
    // The last round had no fault, and all rounds before it had one.
    expect(nth).toBeGreaterThan(2);
  }
}

async function strikeOnce(
  world: World,
  scene: Scene,
  injector: Injector,
  nth: number,
): Promise<boolean> {
  injector.arm(nth);
  const step = scene.step();
  await (injector.during?.(step) ?? step);
  const struck = injector.disarm();
  const at = `at its place ${nth}`;
  expect({ at, done: await scene.done() }).toEqual({ at, done: true });
  await expectHeals(world, scene, at);
  return struck;
}

/** One world for all rounds, or one world per round: a sweeper sees everything in its world. */
class Worlds implements AsyncDisposable {
  readonly #options: WorldOptions;
  readonly #anew: boolean;
  #world: World | undefined;

  constructor(options: WorldOptions, anew: boolean) {
    this.#options = options;
    this.#anew = anew;
  }

  async next(): Promise<World> {
    if (this.#anew) await this[Symbol.asyncDispose]();
    this.#world ??= await World.create(this.#options);
    // The runs of earlier rounds have been checked and have ended.
    this.#world.proxy.exchanges.splice(0);
    return this.#world;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#world?.[Symbol.asyncDispose]();
    this.#world = undefined;
  }
}

/**
 * Checks that the invariants hold, that every run ends well, and that the invariants still hold
 * then.
 */
export async function expectHeals(world: World, scene: Scene, at = ''): Promise<void> {
  const { work, attempts, cancelled } = scene;
  expect({ at, broken: await brokenInvariants(world) }).toEqual({ at, broken: [] });
  await work.b.open();
  await world.bringHome(work);
  expect({ at, broken: await brokenInvariants(world) }).toEqual({ at, broken: [] });
  const expected = work.runs.map((id) => {
    const home = { attempts: attempts.get(id) ?? 1, cancelled: cancelled.has(id) };
    return [id, home] as const;
  });
  await expectHome(world, new Map(expected));
}
