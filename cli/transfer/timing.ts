import { rawNumber } from '../../client/exact-json.ts';
import type { ScheduleRule } from '../../model/schedules.ts';
import { fromIso, type Instant, SECOND } from '../../model/values/instant.ts';
import type { RecordOf } from './records.ts';

/**
 * Says which schedules of a deployment will run at other times than they do with Prefect: a sentence
 * for each difference, with the schedule's name.
 */
export async function timingNotices(
  { schedules }: RecordOf<'deployment'>,
  now: Instant,
): Promise<string[]> {
  const { differencesFromPrefect } = await import('../../core/schedules/differences.ts');
  const { withStart } = await import('../../core/schedules/next-times.ts');
  return (schedules ?? []).flatMap((each, i) => {
    const { schedule = {}, slug } = each as Given;
    const rule = ruleOf(schedule);
    if (!rule) return [];
    try {
      const isText = rule.kind === 'rrule';
      const begun = isText ? { ...rule, rrule: withStart(rule.rrule, rule.timezone, now) } : rule;
      const said = differencesFromPrefect(begun, now, isText ? rule.rrule : undefined);
      return said.map((sentence) => `schedule ${slug ?? i + 1}: ${sentence}`);
    } catch {
      // The server will refuse the rule, and say why.
      return [];
    }
  });
}

interface Given {
  readonly schedule?: Readonly<Record<string, unknown>>;
  readonly slug?: string | null;
}

function ruleOf(given: Readonly<Record<string, unknown>>): ScheduleRule | undefined {
  const { cron, rrule, interval, timezone, anchor_date: anchor, day_or: dayOr } = given;
  const zone = typeof timezone === 'string' ? timezone : null;
  if (typeof cron === 'string') {
    return { kind: 'cron', cron, timezone: zone, dayOr: dayOr !== false };
  }
  if (typeof rrule === 'string') return { kind: 'rrule', rrule, timezone: zone ?? 'UTC' };
  const micros = Number(rawNumber(interval) ?? interval) * SECOND;
  const from = typeof anchor === 'string' ? fromIso(anchor) : undefined;
  if (!(micros >= SECOND) || from === undefined) return undefined;
  return { kind: 'interval', interval: Math.round(micros), anchor: from, timezone: zone ?? 'UTC' };
}
