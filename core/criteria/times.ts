import type { Instant } from '../../model/values/instant.ts';
import { combine, type Matches } from './criteria.ts';

export interface Between {
  readonly before_?: Instant | null | undefined;
  readonly after_?: Instant | null | undefined;
  readonly is_null_?: boolean | null | undefined;
}

/** Both bounds are inclusive. null never lies between bounds. */
export const between = ({ before_, after_ }: Between): Matches<Instant | null> =>
  combine<Instant | null>('and_', [
    before_ == null ? undefined : (at) => at !== null && at <= before_,
    after_ == null ? undefined : (at) => at !== null && at >= after_,
  ]);

/** The same for a time that may be missing, such as an end. */
export const betweenOrNull = (filter: Between): Matches<Instant | null> =>
  combine<Instant | null>('and_', [between(filter), isNull(filter)]);

export const isNull = ({ is_null_ }: Pick<Between, 'is_null_'>): Matches<unknown> =>
  is_null_ == null ? () => true : (value) => (value === null) === is_null_;
