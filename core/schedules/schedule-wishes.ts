import type { LatePolicy, Schedule, ScheduleRule } from '../../model/schedules.ts';
import { DibsError } from '../../model/values/errors.ts';
import { EMPTY_OBJECT, type JsonText } from '../../model/values/json-text.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';

/**
 * The fields of a schedule that a caller sends. Absent fields stay unchanged or get their defaults.
 */
export interface ScheduleWish {
  readonly rule?: ScheduleRule;
  /** Where that rule runs at other times than with Prefect. Goes with the rule. */
  readonly notices?: readonly string[];
  readonly active?: boolean;
  readonly slug?: string;
  readonly maxScheduledRuns?: number;
  readonly parameters?: JsonText;
  readonly latePolicy?: LatePolicy;
  readonly lateGrace?: number;
  /** The slug of the schedule that this one replaces: used for renaming. */
  readonly replaces?: string;
}

type Fresh = Pick<Context, 'newId' | 'now'>;

/** @throws DibsError invalid_request without a rule */
export function newSchedule({ newId, now }: Fresh, wish: ScheduleWish): Schedule {
  const { rule, replaces: _, ...rest } = wish;
  if (!rule) throw withoutRule();
  const at = now();
  return {
    id: newId(),
    slug: null,
    active: true,
    rule,
    maxScheduledRuns: null,
    parameters: EMPTY_OBJECT,
    latePolicy: 'all',
    lateGrace: NUMBERS.lateGrace,
    ...rest,
    createdAt: at,
    updatedAt: at,
  };
}

export function changedSchedule(
  { now }: Pick<Fresh, 'now'>,
  schedule: Schedule,
  { replaces: _, ...wish }: ScheduleWish,
): Schedule {
  const { setAside, ...rest } = schedule;
  const isTriedAgain = wish.rule !== undefined || wish.active === true;
  const aside = isTriedAgain || setAside === undefined ? {} : { setAside };
  return { ...rest, ...aside, ...wish, updatedAt: now() };
}

/**
 * The schedules of a deployment after a PATCH, as in Prefect:
 *
 * | existing schedules | given schedules | result |
 * |---|---|---|
 * | all have slugs | all have slugs | matched by slug, or by `replaces`, and changed; new ones are added, the others stay |
 * | all have slugs | some have no slug | refused: it might replace schedules that the caller does not know |
 * | some have no slug, or there are none | any | all existing schedules are replaced |
 *
 * @throws DibsError invalid_request, schedule_slug_taken
 */
export function mergedSchedules(
  fresh: Fresh,
  there: readonly Schedule[],
  given: readonly ScheduleWish[],
): readonly Schedule[] {
  const bySlug = there.length > 0 && there.every(({ slug }) => slug !== null);
  if (!bySlug) {
    return given.filter(({ rule }) => rule).map((wish) => newSchedule(fresh, wish));
  }
  if (given.some(({ slug }) => slug === undefined)) {
    throw new DibsError(
      'invalid_request',
      'Please provide a slug for each schedule in your request to ensure schedules are updated correctly.',
    );
  }
  assertRenames(there, given);
  const slugs = new Set(there.map(({ slug }) => slug));
  const wishes = new Map(given.map((wish) => [wish.replaces ?? wish.slug, wish]));
  const kept = there.map((schedule) => {
    const wish = wishes.get(schedule.slug ?? undefined);
    return wish ? changedSchedule(fresh, schedule, wish) : schedule;
  });
  const added = given.filter(({ replaces, slug }) => !slugs.has(replaces ?? slug ?? null));
  return [...kept, ...added.map((wish) => newSchedule(fresh, wish))];
}

/** @throws DibsError invalid_request */
function assertRenames(there: readonly Schedule[], given: readonly ScheduleWish[]): void {
  const replaced = given.flatMap(({ replaces }) => replaces ?? []);
  const twice = replaced.find((slug, i) => replaced.indexOf(slug) !== i);
  if (twice !== undefined) {
    const message = `Multiple schedules have 'replaces' targeting the same slug: ${twice}`;
    throw new DibsError('invalid_request', message);
  }
  const slugs = new Set(there.map(({ slug }) => slug));
  for (const { slug, replaces } of given) {
    if (!slug || !replaces || !slugs.has(slug) || replaced.includes(slug)) continue;
    throw new DibsError(
      'invalid_request',
      `Cannot rename schedule from '${replaces}' to '${slug}': a schedule with slug '${slug}' already exists.`,
    );
  }
}

/** @throws DibsError schedule_slug_taken, invalid_request */
export function assertSchedules(schedules: readonly Schedule[]): readonly Schedule[] {
  const slugs = schedules.flatMap(({ slug }) => slug ?? []);
  if (new Set(slugs).size < slugs.length) {
    const message = 'Schedule slugs must be unique within a deployment.';
    throw new DibsError('schedule_slug_taken', message);
  }
  if (schedules.length <= NUMBERS.schedules) return schedules;
  throw new DibsError(
    'invalid_request',
    `A deployment may have ${NUMBERS.schedules} schedules; this would be ${schedules.length}.`,
    { hint: 'Put several times into one cron or RRULE.' },
  );
}

const withoutRule = () =>
  new DibsError(
    'invalid_request',
    'Unable to create new deployment schedules without a schedule configuration.',
  );
