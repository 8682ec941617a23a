import { type SlotChoice, scopeKey } from '../../../model/limits.ts';
import type { Store } from '../../../model/store.ts';

/**
 * Wraps a store, and reads the limit right before a slot of it is taken and its slots right after.
 * A write that was decided on an older version of the limit must lose. While the version is the one
 * decided on, no more slots are held than the limit allows. No claim ever holds two slots.
 */
export function watchLimits(
  store: Store,
  /** Another store on the same table, which has no faults. */
  probe: Store,
  report: (excess: string) => void,
): Store {
  async function look({ scope, version }: SlotChoice): Promise<void> {
    const { limit, held } = await probe.readSlots(scope);
    const most = limit.limit ?? Number.POSITIVE_INFINITY;
    const which = `${scopeKey(scope)}: ${held.length} slots`;
    if (limit.version === version && held.length > most) report(`${which} at a limit of ${most}`);
    const claims = new Set(held.map(({ runId, attempt }) => `${runId}.${attempt}`));
    if (claims.size < held.length) report(`${which} held by ${claims.size} claims`);
  }

  async function watch<Written>(
    takes: readonly SlotChoice[],
    write: () => Promise<Written>,
    isDone: (written: Written) => boolean,
  ): Promise<Written> {
    if (takes.length === 0) return write();
    const limits = await probe.readLimits(takes.map(({ scope }) => scope));
    const old = takes.filter(({ version }, i) => version !== limits[i]?.version);
    const written = await write();
    if (!isDone(written)) return written;
    for (const { scope } of old) report(`${scopeKey(scope)}: taken under a limit of before`);
    await Promise.all(takes.map(look));
    return written;
  }

  return {
    ...store,
    claim: (attempt) =>
      watch(
        attempt.takes,
        () => store.claim(attempt),
        ({ won }) => won,
      ),
    transition: (to, guard) =>
      watch(
        to.takes,
        () => store.transition(to, guard),
        ({ done }) => done,
      ),
  };
}
