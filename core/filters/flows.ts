import type { Flow } from '../../model/deployments.ts';
import { combine, type Matches, type Operator, of } from '../criteria/criteria.ts';
import { type Tagged, tagged } from '../criteria/tags.ts';
import { type AmongIds, type AmongNames, amongIds, amongNames } from '../criteria/text.ts';

export interface FlowFilter {
  readonly operator?: Operator | null | undefined;
  readonly id?: AmongIds | null | undefined;
  readonly name?: AmongNames | null | undefined;
  readonly tags?: Tagged | null | undefined;
  readonly deployment?: { readonly is_null_?: boolean | null | undefined } | null | undefined;
}

/** The fields of a flow that a filter can use. */
export type FlowFacts = Pick<Flow, 'id' | 'name' | 'tags'> & { readonly isDeployed: boolean };

export const matchesFlow = (filter: FlowFilter | null | undefined): Matches<FlowFacts> =>
  combine<FlowFacts>(filter?.operator, [
    of(filter?.id, amongIds, ({ id }) => id),
    of(filter?.name, amongNames, ({ name }) => name),
    of(filter?.tags, tagged, ({ tags }) => tags),
    of(
      filter?.deployment,
      ({ is_null_ }) =>
        (isDeployed: boolean) =>
          is_null_ == null || isDeployed !== is_null_,
      ({ isDeployed }) => isDeployed,
    ),
  ]);
