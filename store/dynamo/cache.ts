import type { Instant, Micros } from '../../model/values/instant.ts';

/** They are small and short-lived; this only keeps a Lambda from filling up over the weeks. */
const MOST_KEPT = 200;

/**
 * Answers kept for a moment, for reads that may be that old, or that may not be from before `since`. A
 * read under way is shared; a failed or empty one is not kept.
 */
export function cache<Value>(now: () => Instant, keptFor: Micros): Cache<Value> {
  const kept = new Map<string, { at: number; value: Promise<Value | undefined> }>();
  const read: Cache<Value>['read'] = async (key, fetch, since = 0) => {
    const found = kept.get(key);
    const at = now();
    if (found && at < found.at + keptFor && found.at >= since) return found.value;
    const value = fetch();
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(key, { at, value });
    const forget = () => {
      if (kept.get(key)?.value === value) kept.delete(key);
    };
    try {
      const answer = await value;
      if (answer === undefined) forget();
      return answer;
    } catch (error) {
      forget();
      throw error;
    }
  };
  return { read, forget: (key) => void kept.delete(key) };
}

interface Cache<Value> {
  read(
    key: string,
    fetch: () => Promise<Value | undefined>,
    since?: number,
  ): Promise<Value | undefined>;
  /** This process has changed it: here it is known at once, elsewhere in a moment. */
  forget(key: string): void;
}

/** Values by id, each good for a moment after it was set. */
export function keepForAMoment<Value>(now: () => Instant, keptFor: Micros, atMost = MOST_KEPT) {
  const kept = new Map<string, { until: Instant; value: Value }>();
  return {
    get: (id: string): Value | undefined => {
      const found = kept.get(id);
      return found && now() < found.until ? found.value : undefined;
    },
    set: (id: string, value: Value): void => {
      if (kept.size >= atMost) kept.clear();
      kept.set(id, { until: now() + keptFor, value });
    },
  };
}
