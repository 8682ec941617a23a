import type { Deployment } from '../../model/deployments.ts';
import { combine, type Matches, type Operator, of } from '../criteria/criteria.ts';
import { type Tagged, tagged } from '../criteria/tags.ts';
import { type AmongIds, type AmongNames, amongIds, amongNames } from '../criteria/text.ts';

export interface DeploymentFilter {
  readonly operator?: Operator | null | undefined;
  readonly id?: AmongIds | null | undefined;
  readonly name?: AmongNames | null | undefined;
  readonly flow_or_deployment_name?: Pick<AmongNames, 'like_'> | null | undefined;
  readonly paused?: { readonly eq_?: boolean | null | undefined } | null | undefined;
  readonly tags?: Tagged | null | undefined;
  readonly work_queue_name?: Pick<AmongNames, 'any_'> | null | undefined;
}

/** The fields of a deployment that a filter can use. */
export type DeploymentFacts = Pick<Deployment, 'id' | 'name' | 'paused' | 'tags'> & {
  readonly flowName: string | null;
  readonly queueName: string | null;
};

export const matchesDeployment = (
  filter: DeploymentFilter | null | undefined,
): Matches<DeploymentFacts> =>
  combine<DeploymentFacts>(filter?.operator, [
    of(filter?.id, amongIds, ({ id }) => id),
    of(filter?.name, amongNames, ({ name }) => name),
    of(filter?.flow_or_deployment_name, eitherName, (deployment) => deployment),
    of(
      filter?.paused,
      ({ eq_ }) =>
        (paused: boolean) =>
          eq_ == null || paused === eq_,
      ({ paused }) => paused,
    ),
    of(filter?.tags, tagged, ({ tags }) => tags),
    of(filter?.work_queue_name, amongNames, ({ queueName }) => queueName),
  ]);

const eitherName = (criterion: Pick<AmongNames, 'like_'>): Matches<DeploymentFacts> => {
  const like = amongNames(criterion);
  return ({ name, flowName }) => like(name) || like(flowName);
};
