import type { Variable } from '../../model/variables.ts';
import { combine, type Matches, type Operator, of } from '../criteria/criteria.ts';
import { type Tagged, tagged } from '../criteria/tags.ts';
import { type AmongIds, type AmongNames, amongIds, amongNames } from '../criteria/text.ts';

export interface VariableFilter {
  readonly operator?: Operator | null | undefined;
  readonly id?: AmongIds | null | undefined;
  readonly name?: AmongNames | null | undefined;
  readonly tags?: Tagged | null | undefined;
}

export const matchesVariable = (filter: VariableFilter | null | undefined): Matches<Variable> =>
  combine<Variable>(filter?.operator, [
    of(filter?.id, amongIds, ({ id }) => id),
    of(filter?.name, amongNames, ({ name }) => name),
    of(filter?.tags, tagged, ({ tags }) => tags),
  ]);
