import type { Instant } from '../../model/values/instant.ts';
import { combine, type Matches, type Operator, of } from '../criteria/criteria.ts';
import { type AmongIds, amongIds } from '../criteria/text.ts';
import { textQuery } from '../criteria/text-query.ts';
import { type Between, between, isNull } from '../criteria/times.ts';

interface Levels {
  readonly ge_?: number | null | undefined;
  readonly le_?: number | null | undefined;
}

export interface LogFilter {
  readonly operator?: Operator | null | undefined;
  readonly level?: Levels | null | undefined;
  readonly timestamp?: Omit<Between, 'is_null_'> | null | undefined;
  readonly flow_run_id?: Pick<AmongIds, 'any_'> | null | undefined;
  readonly task_run_id?: (Pick<AmongIds, 'any_'> & Pick<Between, 'is_null_'>) | null | undefined;
  readonly text?: { readonly query: string } | null | undefined;
  /** When the server got the lines: a batch arrives as a whole, so core/logs/ applies it. */
  readonly arrived?: { readonly after_?: Instant | null | undefined } | null | undefined;
}

/** The fields of a log line that a filter can use. */
export interface LogFacts {
  readonly level: number;
  readonly at: Instant;
  readonly runId: string | null;
  readonly taskRunId: string | null;
  readonly message: string;
  readonly name: string;
}

export const matchesLog = (filter: LogFilter | null | undefined): Matches<LogFacts> =>
  combine<LogFacts>(filter?.operator, [
    of(filter?.level, levels, ({ level }) => level),
    of(filter?.timestamp, between, ({ at }) => at),
    of(filter?.flow_run_id, amongIds, ({ runId }) => runId),
    of(filter?.task_run_id, ofTasks, ({ taskRunId }) => taskRunId),
    of(
      filter?.text,
      ({ query }) => textQuery(query),
      ({ message, name }) => `${message} ${name}`,
    ),
  ]);

const levels =
  ({ ge_, le_ }: Levels): Matches<number> =>
  (level) =>
    level >= (ge_ ?? Number.NEGATIVE_INFINITY) && level <= (le_ ?? Number.POSITIVE_INFINITY);

const ofTasks = ({ any_, is_null_ }: NonNullable<LogFilter['task_run_id']>) =>
  combine<string | null>('and_', [amongIds({ any_ }), isNull({ is_null_ })]);
