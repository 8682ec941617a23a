import { combine, type Matches, type Operator } from './criteria.ts';

export interface Tagged {
  readonly operator?: Operator | null | undefined;
  readonly all_?: readonly string[] | null | undefined;
  readonly any_?: readonly string[] | null | undefined;
  readonly is_null_?: boolean | null | undefined;
}

export const tagged = ({ operator, all_, any_, is_null_ }: Tagged): Matches<readonly string[]> =>
  combine<readonly string[]>(operator, [
    all_?.length ? (tags) => all_.every((one) => tags.includes(one)) : undefined,
    any_ ? (tags) => any_.some((one) => tags.includes(one)) : undefined,
    is_null_ == null ? undefined : (tags) => (tags.length === 0) === is_null_,
  ]);
