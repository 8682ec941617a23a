import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newestFirst } from '../../core/criteria/newest-first.ts';

/** As runs are: listed at the later of two times. */
interface Item {
  readonly id: string;
  readonly created: number;
  readonly expected: number;
  readonly fits: boolean;
}

const items = fc.uniqueArray(
  fc.record({
    id: fc.uuid(),
    // Few different times, so that many are the same.
    created: fc.nat({ max: 40 }),
    expected: fc.nat({ max: 60 }),
    fits: fc.boolean(),
  }),
  { selector: ({ id }) => id, maxLength: 900, minLength: 1, size: 'max' },
);

const listing = (all: readonly Item[]) => {
  const keys = all
    .map(({ id, created, expected }) => ({ runId: id, at: Math.max(created, expected) }))
    .sort((a, b) => b.at - a.at || (a.runId < b.runId ? 1 : -1));
  const byId = new Map(all.map((item) => [item.id, item]));
  const reads: string[] = [];
  return {
    reads,
    list: async ({ after, limit }: { after?: string; limit: number }) => {
      const from = after === undefined ? 0 : keys.findIndex(({ runId }) => runId === after) + 1;
      const entries = keys.slice(from, from + limit);
      const last = entries.at(-1)?.runId;
      return from + limit < keys.length && last ? { entries, next: last } : { entries };
    },
    read: async (ids: string[]) => {
      reads.push(...ids);
      return ids.flatMap((id) => byId.get(id) ?? []);
    },
  };
};

test('what is found is what a look at everything would find, however early it stops', async () => {
  await fc.assert(
    fc.asyncProperty(
      items,
      fc.integer({ min: 1, max: 120 }),
      fc.constantFrom<'created' | 'expected'>('created', 'expected'),
      async (all, count, by) => {
        const latest = (some: readonly Item[]) =>
          [...some]
            .sort((a, b) => b[by] - a[by] || (a.id < b.id ? 1 : -1))
            .slice(0, count)
            .map(({ id }) => id);
        const enough = { count, time: (item: Item) => item[by], id: ({ id }: Item) => id };
        const matching = async (some: Item[]) => some.filter(({ fits }) => fits);
        const listed = listing(all);
        const found = await newestFirst(listed, matching, enough);
        expect(latest(found)).toEqual(latest(all.filter(({ fits }) => fits)));
        expect(new Set(listed.reads).size).toBe(listed.reads.length);
      },
    ),
    { numRuns: 200 },
  );
});
