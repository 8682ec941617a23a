import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from '../../core/context.ts';
import { settleLimit } from '../../core/limits/set-limit.ts';
import type { Scope } from '../../model/limits.ts';
import { NUMBERS } from '../../model/values/numbers.ts';

const LOOK_MS = 250;

/**
 * Waits until a first limit admits, so that it holds once its setter is answered. Who cannot wait so
 * long loses nothing: the next poll or sweep settles it.
 */
export async function untilSettled(context: Context, scope: Scope | undefined): Promise<void> {
  const until = performance.now() + NUMBERS.limitsSettle / 1000 + 4 * LOOK_MS;
  while (scope && !(await settleLimit(context, scope)) && performance.now() < until) {
    await pause(LOOK_MS);
  }
}
