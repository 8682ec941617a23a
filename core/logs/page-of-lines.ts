import type { Instant } from '../../model/values/instant.ts';

/** Lines of which only the number and the times are known, or lines that were read. */
export interface Stretch {
  readonly from: Instant;
  readonly to: Instant;
  readonly lines: number;
}

/**
 * The stretches that may have a line of a page, where lines are sorted by time, and how many lines of
 * the others come before the page.
 *
 * The first line of the page comes after at most `offset` lines. Up to a time `t` there are at most
 * those of the stretches that begin by `t`. So no line of the page is earlier than the first `t` at
 * which these are more than `offset`. What ends before that comes before the page. The other bound
 * follows in the same way from the stretches that have ended.
 */
export function stretchesOf<S extends Stretch>(
  stretches: readonly S[],
  { offset, limit }: { readonly offset: number; readonly limit: number },
): { needed: S[]; before: number } {
  const earliest = timeOfMore(stretches, ({ from }) => from, offset);
  const latest = timeOfMore(stretches, ({ to }) => to, offset + limit - 1);
  const before = stretches.filter(({ to }) => to < earliest);
  return {
    needed: stretches.filter(({ from, to }) => to >= earliest && from <= latest),
    before: before.reduce((sum, { lines }) => sum + lines, 0),
  };
}

/** The first time by which more than `count` lines are counted. */
function timeOfMore<S extends Stretch>(
  stretches: readonly S[],
  time: (stretch: S) => Instant,
  count: number,
): Instant {
  let sum = 0;
  for (const one of stretches.toSorted((a, b) => time(a) - time(b))) {
    sum += one.lines;
    if (sum > count) return time(one);
  }
  return Number.POSITIVE_INFINITY;
}
