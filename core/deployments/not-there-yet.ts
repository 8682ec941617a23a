import { DibsError } from '../../model/values/errors.ts';

/**
 * Refuses the id of a limit that several deployments share: such limits are not supported yet, so
 * no such id exists.
 * @throws DibsError concurrency_limit_not_found
 */
export function assertNoGlobalLimit(id: string | null | undefined): void {
  if (id == null) return;
  throw new DibsError('concurrency_limit_not_found', 'Concurrency limit not found', {
    hint: 'Give the deployment a limit of its own: concurrency_limit.',
  });
}
