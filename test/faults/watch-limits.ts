import { type SlotChoice, scopeKey } from '../../core/slots.ts';
import type { Store } from '../../core/store.ts';

/**
 * The same store, which looks at the slots of a limit right after each one that is taken: while the
 * limit is the one that the claim was decided on, no more are held than it says. And nobody holds two
 * for one claim, ever.
 */
export function watchLimits(
  store: Store,
  /** Another one on the same table, that no fault is made for. */
  probe: Store,
  report: (excess: string) => void,
): Store {
  async function look({ scope, version }: SlotChoice): Promise<void> {
    const { limit, held } = await probe.readSlots(scope);
    const most = limit.limit ?? Number.POSITIVE_INFINITY;
    const which = `${scopeKey(scope)}: ${held.length} slots`;
    if (limit.version === version && held.length > most)
      report(`${which} held at a limit of ${most}`);
    const claims = new Set(held.map(({ runId, attempt }) => `${runId}.${attempt}`));
    if (claims.size < held.length) report(`${which} held by ${claims.size} claims`);
  }
  const lookAt = (takes: readonly SlotChoice[]) => Promise.all(takes.map(look));
  return {
    ...store,
    claim: async (attempt) => {
      const written = await store.claim(attempt);
      if (written.won) await lookAt(attempt.takes);
      return written;
    },
    transition: async (to, guard) => {
      const written = await store.transition(to, guard);
      if (written.done) await lookAt(to.takes);
      return written;
    },
  };
}
