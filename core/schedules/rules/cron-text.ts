import { DibsError } from '../../../model/values/errors.ts';

/** One field of a cron. */
export interface CronField {
  readonly text: string;
  /** In order. Days of the week are 0 (Sunday) to 6. */
  readonly values: readonly number[];
  /** No restriction: it has a `*`, or names every value (see `isAll` below). */
  readonly all: boolean;
  /** Days of the month only: also the last day of the month. */
  readonly last: boolean;
  /** Days of the week only: `2#3`, the third Tuesday, and `L5`, the last Friday (nth -1). */
  readonly nths: readonly { readonly weekday: number; readonly nth: number }[];
  /** Ranges whose ends are the same value, such as `5-5`: Prefect reads them as the whole field. */
  readonly pointless: readonly string[];
}

/** Whose reading of what Prefect (croniter) reads otherwise than people mean it. */
export type ReadAs = 'dibs' | 'prefect';

export interface CronFields {
  readonly as: ReadAs;
  readonly minute: CronField;
  readonly hour: CronField;
  readonly day: CronField;
  readonly month: CronField;
  readonly weekday: CronField;
  readonly second: CronField | undefined;
  readonly year: CronField | undefined;
}

const WORDS: Readonly<Record<string, string>> = {
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

interface FieldKind {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const WEEKDAYS = 'sun mon tue wed thu fri sat'.split(' ');
const KINDS: readonly FieldKind[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of the month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'day of the week', min: 0, max: 6, names: WEEKDAYS },
  { name: 'second', min: 0, max: 59 },
  { name: 'year', min: 1970, max: 2099 },
];
const DAY = 2;
const WEEKDAY = 4;

/**
 * Reads a cron as Prefect does (croniter): five fields, or six with a second, or seven with a year.
 * @throws DibsError invalid_request
 */
export function readCron(cron: string, as: ReadAs = 'dibs'): CronFields {
  const text = cron.trim().toLowerCase();
  const fields = (WORDS[text] ?? text).split(/\s+/);
  if (fields.length < 5 || fields.length > 7) {
    const seen = text === '' ? 'none' : fields.length;
    throw refused(cron, `it needs five fields (six with a second, seven with a year), not ${seen}`);
  }
  const of = (index: number): CronField => {
    const kind = KINDS[index] as FieldKind;
    const field = fields[index] as string;
    // A day field that names every day is no restriction only if the other day field has a star.
    const other = index === DAY ? fields[WEEKDAY] : index === WEEKDAY ? fields[DAY] : '*';
    return readField({ cron, as, kind }, field, other?.includes('*') ?? true);
  };
  return {
    as,
    minute: of(0),
    hour: of(1),
    day: of(DAY),
    month: of(3),
    weekday: of(WEEKDAY),
    second: fields.length > 5 ? of(5) : undefined,
    year: fields.length > 6 ? of(6) : undefined,
  };
}

/** What is being read, for the sentence that refuses it. */
interface Of {
  readonly cron: string;
  readonly as: ReadAs;
  readonly kind: FieldKind;
}

function readField(of: Of, text: string, starBeside: boolean): CronField {
  const { kind, cron } = of;
  const found: Found = { values: new Set(), nths: [], pointless: [], star: false, last: false };
  const isDayField = kind === KINDS[DAY] || kind === KINDS[WEEKDAY];
  if (text === '?' && isDayField) found.star = true;
  else for (const item of text.split(',')) addItem(of, item, found);
  const { values, nths, pointless, star, last } = found;
  const isPlain = (value: number) => !nths.some(({ weekday }) => weekday === value);
  if (nths.length > 0 && (star || [...values].some(isPlain))) {
    throw refused(cron, `${text} has days of the week with # or L beside days without`);
  }
  const count = values.size + (last ? 1 : 0) + (star ? 1 : 0);
  const isAll = star || (count === kind.max - kind.min + 1 && starBeside && nths.length === 0);
  const sorted = [...values].sort((a, b) => a - b);
  return { text, values: sorted, all: isAll, last, nths, pointless };
}

interface Found {
  readonly values: Set<number>;
  readonly nths: { weekday: number; nth: number }[];
  readonly pointless: string[];
  star: boolean;
  last: boolean;
}

function addItem(of: Of, item: string, found: Found): void {
  const { cron, kind } = of;
  const nth = kind === KINDS[WEEKDAY] ? /^(?:([a-z]+-[a-z]+|\w+)#(\d+)|l(\d+))$/.exec(item) : null;
  if (item === '*') found.star = true;
  else if (item === 'l' && kind === KINDS[DAY]) found.last = true;
  else if (!nth) for (const value of listOf(of, item, found.pointless)) found.values.add(value);
  else {
    const [, days, week, lastDay = ''] = nth;
    const number = week === undefined ? -1 : Number(week);
    if (number === 0 || number > 5) throw refused(cron, `${item}: a month has no such week`);
    for (const weekday of listOf(of, days ?? lastDay, found.pointless)) {
      found.nths.push({ weekday, nth: number });
      found.values.add(weekday);
    }
  }
}

/** The values of one item of a list, such as `5`, `5/15`, `1-5`, `22-6`, `fri-mon` or `1-10/3`. */
function listOf(of: Of, item: string, pointless: string[]): number[] {
  const { cron, kind, as } = of;
  const [range = '', stepText, ...more] = item.split('/');
  const step = stepText === undefined ? 1 : Number(/^\d+$/.exec(stepText)?.[0] ?? 0);
  if (step < 1 || more.length > 0)
    throw refused(cron, `the step of ${item} is no number from 1 on`);
  const [lowText = '', highText, ...rest] = range === '*' ? bounds(kind) : range.split('-');
  if (rest.length > 0) throw refused(cron, `${item} is no range`);
  const low = numberOf(of, lowText, item);
  if (highText === undefined && stepText === undefined) return [low % weekOf(kind)];
  const to = highText ?? String(kind.max);
  const high = kind === KINDS[DAY] && to === 'l' ? kind.max : numberOf(of, to, item);
  if (low === high) {
    if (as === 'prefect') return rangeOf(kind, low, low, step);
    pointless.push(item);
    return [low % weekOf(kind)];
  }
  return rangeOf(kind, low % weekOf(kind), high % weekOf(kind), step);
}

/** 7 is Sunday, too. */
const weekOf = (kind: FieldKind): number => (kind === KINDS[WEEKDAY] ? 7 : Infinity);
const bounds = ({ min, max }: FieldKind): string[] => [String(min), String(max)];

function numberOf({ cron, kind }: Of, text: string, item: string): number {
  const named = kind.names?.indexOf(text) ?? -1;
  if (named >= 0) return named + kind.min;
  const most = kind === KINDS[WEEKDAY] ? 7 : kind.max;
  const value = /^\d+$/.test(text) ? Number(text) : -1;
  if (value >= kind.min && value <= most) return value;
  const names = kind.names ? `, or ${kind.names[0]} to ${kind.names.at(-1)}` : '';
  const where = text === item ? '' : ` in ${item}`;
  const expected = `${kind.min} to ${most}${names}`;
  throw refused(cron, `the ${kind.name} ${JSON.stringify(text)}${where} is not ${expected}`);
}

/** A range that passes the end of its field goes on at its beginning: `22-6` are 9 hours. */
function rangeOf({ min, max }: FieldKind, low: number, high: number, step: number): number[] {
  const values: number[] = [];
  const add = (from: number, to: number) => {
    for (let value = from; value <= to; value += step) values.push(value);
  };
  // The two ends of `0-7`, a whole week, are the same day.
  if (low === high) add(min, max);
  else if (low < high) add(low, high);
  else {
    add(low, max);
    // Where the steps go on after the end of the field, as croniter counts it.
    const over = max - (values.at(-1) ?? max);
    const isOver = max - min - over + step > max - min + 1 && over < step;
    add(min + (isOver ? step - over : 0), high);
  }
  return values;
}

const refused = (cron: string, why: string) =>
  new DibsError('invalid_request', `The cron ${JSON.stringify(cron)} cannot be read: ${why}.`, {
    hint: 'Give five fields: minute, hour, day of the month, month, day of the week; such as 30 2 * * 1-5.',
  });
