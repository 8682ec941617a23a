import { ROUTES, type RouteName } from '../../api/routes.ts';
import { ACCESS, ROLES } from '../../model/access.ts';
import type { Entry, Visitor } from './role-matrix.ts';

/** What the route table says a visitor gets. */
export function entriesOf(name: RouteName): Record<Visitor, Entry> {
  const { access } = ROUTES[name];
  const roles: readonly string[] = ACCESS[access];
  const open = access === 'anyone';
  const nobody = open ? 'in' : 403;
  const byRole = Object.fromEntries(ROLES.map((role) => [role, roles.includes(role) ? 'in' : 403]));
  return {
    none: open ? 'in' : 401,
    wrong: nobody,
    revoked: nobody,
    expired: nobody,
    ...byRole,
  } as Record<Visitor, Entry>;
}
