import { DibsError } from './errors.ts';

/** @throws DibsError not_supported unless there are none */
export function assertNoSchedules(schedules: readonly unknown[]): void {
  if (schedules.length > 0) throw noSchedules();
}

export const noSchedules = () =>
  new DibsError('not_supported', 'Schedules are not there yet.', {
    hint: 'Leave schedules out, and create runs with POST /api/deployments/{id}/create_flow_run.',
  });

/**
 * Limits that deployments share are not there yet, so no id is one of them.
 * @throws DibsError concurrency_limit_not_found
 */
export function assertNoGlobalLimit(id: string | null | undefined): void {
  if (id == null) return;
  throw new DibsError('concurrency_limit_not_found', 'Concurrency limit not found', {
    hint: 'Give the deployment a limit of its own: concurrency_limit.',
  });
}
