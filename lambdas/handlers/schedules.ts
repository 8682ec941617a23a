import { readDeployment } from '../../core/deployments.ts';
import { noSchedules } from '../../core/not-there-yet.ts';
import type { Handle } from '../http.ts';

export const handleReadDeploymentSchedules: Handle<'readDeploymentSchedules'> = async (
  context,
  { path },
) => {
  await readDeployment(context, path.id);
  return { status: 200, body: [] };
};

export const handleCreateDeploymentSchedules: Handle<'createDeploymentSchedules'> = async () => {
  throw noSchedules();
};

export const handleUpdateDeploymentSchedule: Handle<'updateDeploymentSchedule'> = async () => {
  throw noSchedules();
};

export const handleDeleteDeploymentSchedule: Handle<'deleteDeploymentSchedule'> = async () => {
  throw noSchedules();
};
