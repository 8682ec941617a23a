import { DibsError } from '../../model/values/errors.ts';

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
