import { expect } from 'vitest';
import { brokenInvariants, expectHome } from '../invariants/invariants.ts';
import type { Limits } from '../world/limited-work.ts';
import { type Scene, type SceneName, setScene } from '../world/scenes.ts';
import { World, type WorldOptions } from '../world/world.ts';

/** Makes one thing fail, and tells whether there was such a thing. */
export interface Injector {
  /** The nth thing from now on. */
  arm(nth: number): void;
  disarm(): boolean;
  /** Meanwhile: the step goes on as if nothing were. */
  during?(step: Promise<void>): Promise<void>;
}

/** With slots to take and to free, and without: then the writes are others. */
export const LIMITED: Limits = { pool: 2, deployment: 2 };
export const UNLIMITED: Limits = {};

interface StrikeOptions extends WorldOptions {
  /** The server gets over it by itself: no caller is told of a failure. */
  readonly unheard?: boolean;
}

const failuresTold = ({ proxy }: World): string[] =>
  proxy.exchanges
    .filter(({ reply }) => reply && reply.status >= 500)
    .map(({ path, reply }) => `${path}: ${reply?.body.toString()}`);

/**
 * A step of a run's life, once for each place where a fault can strike in it: at its first message, at
 * its second, and so on until none is left. Whoever takes the step asks until it is answered; then the
 * step must have had its effect, once; all invariants must hold; and a healthy agent beside it brings
 * every run to its end.
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
    // The last round struck nothing; the ones before did.
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

/** One world for all rounds, or one for each: a sweeper sees all that is in it. */
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
    // What was there has been checked, and has ended.
    this.#world.proxy.exchanges.splice(0);
    return this.#world;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#world?.[Symbol.asyncDispose]();
    this.#world = undefined;
  }
}

/** Nothing is broken now; it all ends well; and nothing is broken then. */
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
