import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from '../../core/context.ts';
import { settleLimit } from '../../core/limits/set-limit.ts';
import type { Scope } from '../../model/limits.ts';
import { NUMBERS } from '../../model/values/numbers.ts';

const LOOK_MS = 250;

/**
 * Waits until a first limit admits runs, so that it holds once the request that set it is answered.
 * If the wait is cut short, nothing is lost: the next poll or sweep settles the limit.
 */
export async function untilSettled(context: Context, scope: Scope | undefined): Promise<void> {
  const until = performance.now() + NUMBERS.limitsSettle / 1000 + 4 * LOOK_MS;
  while (scope && !(await settleLimit(context, scope)) && performance.now() < until) {
    await pause(LOOK_MS);
  }
}
