import type { WallTime } from './calendar.ts';
import { dateOf, refused, short } from './recurrence-date.ts';
import { type RecurrencePart, readPart } from './recurrence-part.ts';

/** A recurrence rule that was read. All times are on the clock of the schedule's zone. */
export interface Recurrence {
  /** Its DTSTART. */
  readonly start: WallTime | undefined;
  readonly rules: readonly RecurrencePart[];
  readonly exrules: readonly RecurrencePart[];
  readonly rdates: readonly WallTime[];
  readonly exdates: readonly WallTime[];
}

/**
 * Reads RFC 5545 as Prefect does (dateutil): lines are separated by any white space; a line without
 * a colon is a rule; `Z` and `TZID` of a date are not used, because Prefect's client writes wall
 * times with a Z, and its server reads all dates on the clock of the schedule's zone.
 * @throws DibsError invalid_request
 */
export function readRecurrence(text: string): Recurrence {
  const lines = text.toUpperCase().split(/\s+/).filter(Boolean);
  let start: WallTime | undefined;
  const rules: RecurrencePart[] = [];
  const exrules: RecurrencePart[] = [];
  const rdates: WallTime[] = [];
  const exdates: WallTime[] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    const [name = '', ...params] = (colon < 0 ? 'RRULE' : line.slice(0, colon)).split(';');
    const value = line.slice(colon + 1);
    const isRule = name === 'RRULE' || name === 'EXRULE';
    for (const param of params) assertParam(name, param, isRule);
    if (name === 'RRULE') rules.push(readPart(value));
    else if (name === 'EXRULE') exrules.push(readPart(value));
    else if (name === 'RDATE') rdates.push(...value.split(',').map(dateOf));
    else if (name === 'EXDATE') exdates.push(...value.split(',').map(dateOf));
    else if (name === 'DTSTART') start = dateOf(value);
    else throw refused(`it has a line ${short(name)}`, LINES);
  }
  if (rules.length === 0 && rdates.length === 0)
    throw refused('it has no RRULE and no RDATE', LINES);
  return { start, rules, exrules, rdates: inOrder(rdates), exdates: inOrder(exdates) };
}

const LINES = 'Give lines of DTSTART, RRULE, RDATE, EXRULE and EXDATE, such as RRULE:FREQ=DAILY.';
const inOrder = (walls: WallTime[]): WallTime[] => walls.sort((a, b) => a - b);

function assertParam(name: string, param: string, isRule: boolean): void {
  const isKnown = /^(TZID=.+|VALUE=DATE(-TIME)?)$/.test(param);
  if (isKnown && !isRule) return;
  throw refused(`its ${name} has the parameter ${short(param)}`, LINES);
}
