import type { unsupportedRoutes } from '../../api/routes/unsupported.ts';
import { DibsError, type ErrorCode } from '../../core/errors.ts';
import type { Handles } from '../http.ts';

const none = async () => ({ status: 200 as const, body: [] });
const zero = async () => ({ status: 200 as const, body: 0 });
const done = async () => ({ status: 204 as const, body: undefined });

const missing = (code: ErrorCode, detail: string) => async (): Promise<never> => {
  throw new DibsError(code, detail);
};
const noLimit = missing('concurrency_limit_not_found', 'Concurrency Limit not found');
const noTagLimit = missing('concurrency_limit_not_found', 'Concurrency limit not found');
const noAutomation = missing('automation_not_found', 'Automation not found');

const refused = (what: string, instead: string) => async (): Promise<never> => {
  throw new DibsError('not_supported', `${what} are not supported yet.`, { hint: instead });
};
const refusedLimit = refused(
  'Concurrency limits by name or tag',
  'Set the concurrency_limit of a work pool, a work queue or a deployment.',
);

/** See api/routes/unsupported.ts. */
export const unsupported: Handles<keyof typeof unsupportedRoutes> = {
  createConcurrencyLimit: refusedLimit,
  filterConcurrencyLimits: none,
  readConcurrencyLimit: noLimit,
  updateConcurrencyLimit: noLimit,
  deleteConcurrencyLimit: noLimit,
  incrementLimits: none,
  // Limits that do not exist are none to wait for: a task with tags goes on.
  incrementLimitsWithLease: async ({ newId }) => ({
    status: 200,
    body: { lease_id: newId(), limits: [] },
  }),
  decrementLimits: none,
  decrementLimitsWithLease: done,
  // Never 410: who fails to renew three times ends its flow, and here there is nothing to lose.
  renewConcurrencyLease: done,

  createTagLimit: refusedLimit,
  filterTagLimits: none,
  readTagLimit: noTagLimit,
  resetTagLimit: noTagLimit,
  deleteTagLimit: noTagLimit,
  readTagLimitById: noTagLimit,
  deleteTagLimitById: noTagLimit,
  incrementTagLimits: none,
  decrementTagLimits: none,

  createAutomation: refused('Automations', 'Leave triggers out of what is deployed.'),
  filterAutomations: none,
  countAutomations: zero,
  readAutomation: noAutomation,
  updateAutomation: noAutomation,
  deleteAutomation: noAutomation,
  readRelatedAutomations: none,
  deleteOwnedAutomations: async () => ({ status: 202, body: undefined }),

  createEvents: done,
  filterEvents: async () => ({ status: 200, body: { events: [], total: 0, next_page: null } }),
};
