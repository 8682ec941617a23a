import { NUMBERS } from '../../../model/values/numbers.ts';
import type { WallTime } from './calendar.ts';
import type { RecurrencePart } from './recurrence-part.ts';
import type { Recurrence } from './recurrence-text.ts';
import { partWalls } from './recurrence-walk.ts';
import { Steps } from './steps.ts';

/** The wall times of a recurrence rule from a given one on, in order. */
export function* recurrenceWalls(
  { rules, exrules, rdates, exdates }: Recurrence,
  start: WallTime,
  from: WallTime,
  steps: Steps,
): Generator<WallTime, void> {
  const counting = new Steps(NUMBERS.countedSteps, COUNTING);
  const walls = (part: RecurrencePart) =>
    partWalls(ended(part, start, counting), start, from, steps);
  const due = merged([rdates.filter((wall) => wall >= from), ...rules.map(walls)]);
  const left = merged([exdates.filter((wall) => wall >= from), ...exrules.map(walls)]);
  let out = left.next();
  for (const wall of due) {
    while (!out.done && out.value < wall) out = left.next();
    if (out.done || out.value !== wall) yield wall;
  }
}

/** Several lists in order as one, each time once. */
function* merged(lists: readonly Iterable<WallTime>[]): Generator<WallTime, void> {
  const heads = lists.map((list) => {
    const rest = list[Symbol.iterator]();
    return { rest, next: rest.next() };
  });
  for (;;) {
    const least = Math.min(...heads.map(({ next }) => (next.done ? Infinity : next.value)));
    if (least === Infinity) return;
    yield least;
    for (const head of heads) {
      while (!head.next.done && head.next.value === least) head.next = head.rest.next();
    }
  }
}

const COUNTING = 'The recurrence rule has a COUNT whose last time cannot be found';

const ends = new Map<string, WallTime>();

/**
 * A rule with a COUNT as one that ends with its last time, so that it can be walked from anywhere.
 * The times are counted once per process, from DTSTART on.
 * @throws DibsError invalid_request if that takes too many steps
 */
function ended(part: RecurrencePart, start: WallTime, steps: Steps): RecurrencePart {
  const { count, ...rest } = part;
  if (count === undefined) return part;
  const key = `${start} ${part.text}`;
  const known = ends.get(key);
  if (known !== undefined) return { ...rest, count: undefined, until: known };
  let last = start - 1;
  let left = count;
  for (const wall of partWalls(part, start, start, steps)) {
    last = wall;
    left -= 1;
    if (left === 0) break;
  }
  if (ends.size >= NUMBERS.endsKnown) ends.clear();
  ends.set(key, last);
  return { ...rest, count: undefined, until: last };
}
