import { type Scope, scopeKey } from '../../core/slots.ts';
import type { Store } from '../../core/store.ts';

/**
 * The same store, which looks at the slots of a limit right after each one that is taken: at no time
 * are more held than the limit says, and nobody holds two for one claim.
 */
export function watchLimits(
  store: Store,
  /** Another one on the same table, that no fault is made for. */
  probe: Store,
  report: (excess: string) => void,
): Store {
  async function look(scope: Scope): Promise<void> {
    const { limit, held } = await probe.readSlots(scope);
    const most = limit.limit ?? Number.POSITIVE_INFINITY;
    const which = `${scopeKey(scope)}: ${held.length} slots`;
    if (held.length > most) report(`${which} held at a limit of ${most}`);
    const claims = new Set(held.map(({ runId, attempt }) => `${runId}.${attempt}`));
    if (claims.size < held.length) report(`${which} held by ${claims.size} claims`);
  }
  const lookAt = (scopes: readonly Scope[]) => Promise.all(scopes.map(look));
  return {
    ...store,
    claim: async (attempt) => {
      const written = await store.claim(attempt);
      await lookAt(attempt.takes.map(({ scope }) => scope));
      return written;
    },
    transition: async (to, guard) => {
      const written = await store.transition(to, guard);
      await lookAt(to.takes.map(({ scope }) => scope));
      return written;
    },
  };
}
