import type { unsupportedRoutes } from '../../api/server/unsupported-routes.ts';
import { DibsError, type ErrorCode } from '../../model/values/errors.ts';
import type { Handles } from '../http/http.ts';

const none = async () => ({ status: 200 as const, body: [] });
const zero = async () => ({ status: 200 as const, body: 0 });
const done = async () => ({ status: 204 as const, body: undefined });

const missing = (code: ErrorCode, detail: string) => async (): Promise<never> => {
  throw new DibsError(code, detail);
};
const noAutomation = missing('automation_not_found', 'Automation not found');

const refused = (what: string, instead: string) => async (): Promise<never> => {
  throw new DibsError('not_supported', `${what} are not supported yet.`, { hint: instead });
};
/** See api/server/unsupported-routes.ts. */
export const unsupportedHandlers = {
  createAutomation: refused('Automations', 'Deploy without triggers.'),
  filterAutomations: none,
  countAutomations: zero,
  readAutomation: noAutomation,
  updateAutomation: noAutomation,
  deleteAutomation: noAutomation,
  readRelatedAutomations: none,
  deleteOwnedAutomations: async () => ({ status: 202, body: undefined }),

  createEvents: done,
  filterEvents: async () => ({ status: 200, body: { events: [], total: 0, next_page: null } }),
} satisfies Handles<keyof typeof unsupportedRoutes>;
