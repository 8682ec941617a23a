import { type Instant, LAST_INSTANT, SECOND } from '../../../model/values/instant.ts';
import type { WallTime } from './calendar.ts';
import type { Change, Zone } from './zone.ts';

/**
 * What becomes of wall times that a change of the clock leaves out:
 * - `at its end`  they are due together, once, at the first moment after the gap
 * - `later`       each is due as much later as the gap is long, unless another is due then anyway
 * - `left out`    they are not due on that day
 */
export type InGaps = 'at its end' | 'later' | 'left out';

/** The wall times of a rule from a given one on, in order. */
export type Walls = (from: WallTime) => Iterable<WallTime>;

/**
 * The instants after `after` at which a zone's clock shows the times of a rule, in order. A wall
 * time that occurs twice is due the first time.
 */
export function* onTheClock(
  walls: Walls,
  zone: Zone,
  inGaps: InGaps,
  after: Instant,
): Generator<Instant, void> {
  let last = after;
  for (const seconds of inOrder(walls(startOf(zone, inGaps, after)), zone, inGaps)) {
    const at = seconds * SECOND;
    if (at >= LAST_INSTANT) return;
    if (at <= last) continue;
    last = at;
    yield at;
  }
}

/** Times of a gap that is just over may still be due `later`, so they are looked at again. */
function startOf(zone: Zone, inGaps: InGaps, after: Instant): WallTime {
  const now = Math.floor(after / SECOND);
  const change = zone.changeUpTo(now);
  const isNear = inGaps === 'later' && change && now - change.at < change.length;
  return zone.wallOf(now) - (isNear ? change.length : 0);
}

function* inOrder(walls: Iterable<WallTime>, zone: Zone, inGaps: InGaps): Generator<number, void> {
  /** Times that are due later than those that follow them on the clock. */
  let held: number[] = [];
  let gap: Change | undefined;
  for (const wall of walls) {
    if (gap && wall >= gap.wall + gap.length) {
      yield* held.sort((a, b) => a - b);
      held = [];
      gap = undefined;
    }
    const read = zone.read(wall);
    if (read.gap && inGaps === 'left out') continue;
    if (read.gap && inGaps === 'at its end') yield read.gap.at;
    else if (read.gap || gap) {
      gap ??= read.gap;
      held.push(read.at);
    } else yield read.at;
  }
  yield* held.sort((a, b) => a - b);
}
