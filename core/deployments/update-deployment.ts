import { assertBlocksExist } from '../blocks/block-documents.ts';
import type { Context } from '../context.ts';
import { hydrate } from '../parameters/hydrate.ts';
import { assertChangedDefaults } from '../parameters/parameters.ts';
import { poolOf } from '../pools/pool-of.ts';
import { assertSchedules, mergedSchedules } from '../schedules/schedule-wishes.ts';
import { type ChangedDeployment, changeDeployment } from './change-deployment.ts';
import { type DeploymentWish, readDeployment, withWish } from './deployments.ts';
import { placeDeployment } from './place-deployment.ts';

/**
 * Changes only the given fields of a deployment. Its job variables are checked against the pool's
 * template when a run is created, as in Prefect.
 * @throws DibsError deployment_not_found, work_pool_not_found, parameters_invalid,
 *   parameter_template_invalid, block_missing, schedule_slug_taken, payload_too_large, too_busy
 */
export async function updateDeployment(
  context: Context,
  id: string,
  given: DeploymentWish,
): Promise<ChangedDeployment> {
  const { parameters } = given;
  const wish = parameters
    ? { ...given, parameters: await hydrate(context, parameters, 'deployment parameters') }
    : given;
  const current = await readDeployment(context, id);
  await assertBlocksExist(context, wish);
  const own = await poolOf(context, current);
  const place = await placeDeployment(context, wish, own);
  return changeDeployment(context, id, (before) => {
    const { schedules: given } = wish;
    const schedules = given
      ? assertSchedules(mergedSchedules(context, before.schedules, given))
      : before.schedules;
    const after = withWish({ ...before, schedules }, wish);
    if (isAboutParameters(wish) && after.enforceParameterSchema) {
      assertChangedDefaults(after.parameterSchema, after.parameters);
    }
    return place ? { ...after, queueId: place.queueId } : after;
  });
}

const isAboutParameters = (wish: DeploymentWish): boolean =>
  (['parameters', 'parameterSchema', 'enforceParameterSchema'] as const).some(
    (field) => wish[field] !== undefined,
  );
