/**
 * Prefect's filters, as predicates. A filter is some criteria under an operator; a criterion is one or
 * more comparisons, all of which must hold. null and absent restrict nothing; an empty `any_` matches
 * nothing; other empty lists and texts restrict nothing. The terms are those of the API.
 */
export type Matches<Kind> = (record: Kind) => boolean;

export type Operator = 'and_' | 'or_';

/** A criterion that is there but says nothing matches everything: under `or_`, that is everything. */
export function combine<Kind>(
  operator: Operator | null | undefined,
  criteria: readonly (Matches<Kind> | undefined)[],
): Matches<Kind> {
  const given = criteria.filter((one) => one !== undefined);
  if (given.length === 0) return () => true;
  if (operator === 'or_') return (record) => given.some((matches) => matches(record));
  return (record) => given.every((matches) => matches(record));
}

/** What a filter says of one field, if it says anything. */
export const of = <Criterion, Kind, Field>(
  criterion: Criterion | null | undefined,
  read: (criterion: Criterion) => Matches<Field>,
  field: (record: Kind) => Field,
): Matches<Kind> | undefined => {
  if (criterion == null) return undefined;
  const matches = read(criterion);
  return (record) => matches(field(record));
};
