import { DibsError } from './errors.ts';

/** @throws DibsError not_supported unless there are none */
export function assertNoSchedules(schedules: readonly unknown[]): void {
  if (schedules.length > 0) throw noSchedules();
}

export const noSchedules = () =>
  new DibsError('not_supported', 'Schedules are not there yet.', {
    hint: 'Leave schedules out, and create runs with POST /api/deployments/{id}/create_flow_run.',
  });

/** @throws DibsError not_supported */
export function assertNoGlobalLimit(id: string | null | undefined): void {
  if (id == null) return;
  throw new DibsError('not_supported', 'Limits that deployments share are not there yet.', {
    hint: 'Give the deployment a limit of its own: concurrency_limit.',
  });
}

/** @throws DibsError not_supported */
export function assertNoRunFilter(filter: unknown): void {
  if (filter == null) return;
  throw new DibsError('not_supported', 'Filtering by the runs of it is not there yet.', {
    hint: 'Ask for the runs: POST /api/flow_runs/filter.',
  });
}
