import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { interrupted } from '../support/interrupted.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { beginScene, deviations, VERBS } from './scene.ts';

export type Verb = keyof typeof VERBS;
export const ALL_VERBS = Object.keys(VERBS) as Verb[];

/**
 * The table of model/named-limits.ts, tried: each verb is interrupted after each of its calls to the
 * store, and there another verb, or the same one, happens twice at once. What must hold afterwards
 * is in scene.ts.
 */
export function raceVerbs(names: readonly Verb[], others: readonly Verb[]): void {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await startTestStack();
  });
  afterAll(() => stack.stop());

  describe.concurrent.each(names)('while one wants to %s', (one) => {
    test.each(others)(
      'others %s: slots are taken exactly as they are held',
      async (other) => {
        const found: string[] = [];
        for (let after = 1, more = true; more; after++) {
          const scene = await beginScene(stack.context);
          const act = interrupted(stack.context, after, () =>
            Promise.all([VERBS[other](scene, stack.context), VERBS[other](scene, stack.context)]),
          );
          await VERBS[one](scene, act.context);
          more = act.hasMore();
          found.push(
            ...(await deviations(scene, stack.context)).map((text) => `${after}: ${text}`),
          );
        }
        expect(found).toEqual([]);
      },
      60_000,
    );
  });
}
