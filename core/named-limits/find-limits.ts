import type { NamedLimit, NamedLimitStore } from '../../model/named-limits.ts';
import { DibsError } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';

/**
 * The limits with these ids, as they are now; an id whose limit was deleted is left out. The name
 * of a limit is read first, then the limit of that name. If a limit is renamed in between, it is
 * not there under the name that was read. That does not mean that it is gone, so both are read
 * again.
 * @throws DibsError too_busy
 */
export async function readLimitsOfIds(
  store: Pick<NamedLimitStore, 'readNamedLimitName' | 'readNamedLimits'>,
  ids: readonly string[],
): Promise<NamedLimit[]> {
  for (let tries = 0; tries < NUMBERS.slotTakes; tries++) {
    const names = await Promise.all(ids.map((id) => store.readNamedLimitName(id)));
    const known = names.flatMap((name) => name ?? []);
    const found = await store.readNamedLimits([...new Set(known)]);
    const limits = found.filter(({ id }) => ids.includes(id));
    if (limits.length === known.length) return limits;
  }
  throw new DibsError('too_busy', 'A concurrency limit kept being renamed during the request.');
}
