import { Temporal } from 'temporal-polyfill';
import type { Timezone } from '../../../model/schedules.ts';
import { DAY_LONG, type WallTime } from './calendar.ts';

/** Seconds since 1970 (UTC). */
type Seconds = number;

/** A stretch of time in which a zone's clock is not changed. */
interface Stretch {
  readonly from: Seconds;
  /** The next change of the clock; Infinity: none is known. */
  readonly to: Seconds;
  /** Wall time minus UTC. */
  readonly offset: Seconds;
}

/** A change of the clock: forward if `length` is positive, back if it is negative. */
export interface Change {
  readonly at: Seconds;
  readonly length: Seconds;
  /** The wall time right after the change. */
  readonly wall: WallTime;
}

/** What a wall time is in UTC. */
export interface Reading {
  /** If it occurs twice, the first time. If it is missing, as much later as the gap is long. */
  readonly at: Seconds;
  /** The gap that it falls into; undefined: it exists. */
  readonly gap: Change | undefined;
}

/**
 * The clock of a time zone. The zone data is that of the Node that runs dibs (ICU). Stretches are
 * remembered: to find one takes milliseconds, to use it nanoseconds.
 */
export class Zone {
  readonly #name: string;
  readonly #stretches: Stretch[] = [];
  #last: Stretch | undefined;

  /** @throws RangeError if there is no such zone */
  constructor(name: string) {
    this.#name = name;
    this.#at(0);
  }

  wallOf(at: Seconds): WallTime {
    return at + this.#stretch(at).offset;
  }

  read(wall: WallTime): Reading {
    for (let stretch = this.#stretch(wall - WIDEST); ; stretch = this.#stretch(stretch.to)) {
      const at = wall - stretch.offset;
      if (at < stretch.to) {
        if (at >= stretch.from) return { at, gap: undefined };
        const before = this.#stretch(stretch.from - 1);
        return { at: wall - before.offset, gap: changeBetween(before, stretch) };
      }
    }
  }

  /** The latest change at or before an instant; undefined: none is known. */
  changeUpTo(at: Seconds): Change | undefined {
    const stretch = this.#stretch(at);
    if (stretch.from === -Infinity) return undefined;
    return changeBetween(this.#stretch(stretch.from - 1), stretch);
  }

  /** The next change after an instant; undefined: none is known. */
  changeAfter(at: Seconds): Change | undefined {
    const stretch = this.#stretch(at);
    if (stretch.to === Infinity) return undefined;
    return changeBetween(stretch, this.#stretch(stretch.to));
  }

  #stretch(at: Seconds): Stretch {
    const last = this.#last;
    if (last && at >= last.from && at < last.to) return last;
    let found = this.#stretches.find(({ from, to }) => at >= from && at < to);
    if (!found) {
      found = this.#at(at);
      if (this.#stretches.length >= KEPT) this.#stretches.length = 0;
      this.#stretches.push(found);
    }
    this.#last = found;
    return found;
  }

  #at(at: Seconds): Stretch {
    const zoned = Temporal.Instant.fromEpochMilliseconds(at * 1000).toZonedDateTimeISO(this.#name);
    const to = zoned.getTimeZoneTransition('next');
    // The change before a later instant of the same second: one that is at this second counts.
    const from = zoned.add({ milliseconds: 1 }).getTimeZoneTransition('previous');
    return {
      from: from ? Math.floor(from.epochMilliseconds / 1000) : -Infinity,
      to: to ? Math.floor(to.epochMilliseconds / 1000) : Infinity,
      offset: Math.round(zoned.offsetNanoseconds / 1e9),
    };
  }
}

/** No clock is further from UTC than a day and a change of a day (Samoa left out one in 2011). */
const WIDEST = 2 * DAY_LONG;
/** Stretches that a zone remembers: two a year, for a century. */
const KEPT = 200;
/** Zones that a process remembers: more than there are. */
const ZONES = 1_000;

const changeBetween = (before: Stretch, after: Stretch): Change => ({
  at: after.from,
  length: after.offset - before.offset,
  wall: after.from + after.offset,
});

const zones = new Map<string, Zone>();

/** @throws RangeError if there is no such zone */
export function zoneOf(timezone: Timezone): Zone {
  const name = timezone ?? 'UTC';
  const known = zones.get(name);
  if (known) return known;
  const zone = new Zone(name);
  if (zones.size >= ZONES) zones.clear();
  zones.set(name, zone);
  return zone;
}
