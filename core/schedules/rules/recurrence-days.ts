import {
  type Civil,
  civilOf,
  type Day,
  dayAt,
  monthLength,
  weekdayOf,
  yearLength,
} from './calendar.ts';
import type { ByDay, RecurrencePart } from './recurrence-part.ts';

export type DayTest = (day: Day) => boolean;

/**
 * Says of a day whether it is one of a rule's, as far as the rule names days: the BY parts from
 * BYMONTH to BYEASTER, or what DTSTART gives in their place.
 */
export function dayTest(part: RecurrencePart, start: Day): DayTest {
  const { bymonth, bymonthday, byyearday, byweekno, byeaster, byday } = withDefaults(part, start);
  const tests: ((day: Day, civil: Civil) => boolean)[] = [];
  if (bymonth) tests.push((_, { month }) => bymonth.includes(month));
  if (bymonthday) {
    tests.push(
      (_, { year, month, day }) =>
        bymonthday.includes(day) || bymonthday.includes(day - monthLength(year, month) - 1),
    );
  }
  if (byday) tests.push((day, civil) => byday.some((one) => isByDay(part, one, day, civil)));
  if (byyearday) {
    tests.push((day, { year }) => {
      const nth = day - dayAt(year, 1, 1) + 1;
      return byyearday.includes(nth) || byyearday.includes(nth - yearLength(year) - 1);
    });
  }
  if (byweekno) tests.push((day) => isInWeek(byweekno, part.wkst, day));
  if (byeaster) tests.push((day, { year }) => byeaster.includes(day - easterOf(year)));
  let last: Day | undefined;
  let answer = false;
  return (day) => {
    if (day === last) return answer;
    const civil = civilOf(day);
    last = day;
    answer = tests.every((test) => test(day, civil));
    return answer;
  };
}

/** A rule that names no days has that of its DTSTART. */
function withDefaults(part: RecurrencePart, start: Day): RecurrencePart {
  const { freq, bymonth, bymonthday, byyearday, byweekno, byeaster, byday } = part;
  if (bymonthday ?? byyearday ?? byweekno ?? byeaster ?? byday) return part;
  const { month, day } = civilOf(start);
  if (freq === 'YEARLY') return { ...part, bymonth: bymonth ?? [month], bymonthday: [day] };
  if (freq === 'MONTHLY') return { ...part, bymonthday: [day] };
  if (freq !== 'WEEKLY') return part;
  return { ...part, byday: [{ weekday: weekdayOf(start), nth: undefined }] };
}

/** `2MO` counts within the month, or within the year if the rule is YEARLY without BYMONTH. */
function isByDay(
  { freq, bymonth }: RecurrencePart,
  { weekday, nth }: ByDay,
  at: Day,
  { year, month, day }: Civil,
): boolean {
  if (weekdayOf(at) !== weekday) return false;
  if (nth === undefined || (freq !== 'YEARLY' && freq !== 'MONTHLY')) return true;
  const ofYear = freq === 'YEARLY' && !bymonth;
  const place = ofYear ? at - dayAt(year, 1, 1) : day - 1;
  const left = (ofYear ? yearLength(year) : monthLength(year, month)) - 1 - place;
  return nth > 0 ? Math.floor(place / 7) + 1 === nth : Math.floor(left / 7) + 1 === -nth;
}

/** A week belongs to the year that has most of its days. Negative numbers count from its end. */
function isInWeek(byweekno: readonly number[], wkst: number, day: Day): boolean {
  const middle = day - ((weekdayOf(day) - wkst + 7) % 7) + 3;
  const { year } = civilOf(middle);
  const number = Math.floor((middle - dayAt(year, 1, 1)) / 7) + 1;
  const left = Math.floor((dayAt(year, 12, 31) - middle) / 7);
  return byweekno.includes(number) || byweekno.includes(-left - 1);
}

const easters = new Map<number, Day>();

/** Easter Sunday in the Gregorian calendar (the algorithm of Meeus, Jones and Butcher). */
function easterOf(year: number): Day {
  const known = easters.get(year);
  if (known !== undefined) return known;
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const sum = h + l - 7 * m + 114;
  const easter = dayAt(year, Math.floor(sum / 31), (sum % 31) + 1);
  easters.set(year, easter);
  return easter;
}
