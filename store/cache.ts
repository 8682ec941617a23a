/**
 * Answers kept for a moment, for reads that may be that old. A read under way is shared; a failed or
 * empty one is not kept.
 */
export function cache<Value>(
  now: () => number,
  keptFor: number,
): (key: string, read: () => Promise<Value | undefined>) => Promise<Value | undefined> {
  const kept = new Map<string, { until: number; value: Promise<Value | undefined> }>();
  return async (key, read) => {
    const found = kept.get(key);
    if (found && now() < found.until) return found.value;
    const value = read();
    kept.set(key, { until: now() + keptFor, value });
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
}
