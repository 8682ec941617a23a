/**
 * Prefect's filters, as predicates. A filter combines criteria with an operator; a criterion is one
 * or more comparisons, all of which must hold. null and absent fields restrict nothing; an empty
 * `any_` matches nothing; other empty lists and texts restrict nothing. Names are those of the API.
 */
export type Matches<Kind> = (record: Kind) => boolean;

export type Operator = 'and_' | 'or_';

/** A criterion without comparisons matches everything, so under `or_` the whole filter does. */
export function combine<Kind>(
  operator: Operator | null | undefined,
  criteria: readonly (Matches<Kind> | undefined)[],
): Matches<Kind> {
  const given = criteria.filter((one) => one !== undefined);
  if (given.length === 0) return () => true;
  if (operator === 'or_') return (record) => given.some((matches) => matches(record));
  return (record) => given.every((matches) => matches(record));
}

/** The predicate of one criterion on one field; undefined if the filter does not have it. */
export const of = <Criterion, Kind, Field>(
  criterion: Criterion | null | undefined,
  read: (criterion: Criterion) => Matches<Field>,
  field: (record: Kind) => Field,
): Matches<Kind> | undefined => {
  if (criterion == null) return undefined;
  const matches = read(criterion);
  return (record) => matches(field(record));
};
