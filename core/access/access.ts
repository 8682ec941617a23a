import { ACCESS, type Access, type KeyHolder, type Role } from '../../model/access.ts';
import { DibsError } from '../../model/values/errors.ts';

/** @throws DibsError role_forbidden */
export function assertRole({ role }: KeyHolder, access: Access): void {
  const roles: readonly Role[] = ACCESS[access];
  if (roles.includes(role)) return;
  throw new DibsError('role_forbidden', `A key of role ${role} may not do this.`, {
    hint: `Use a key of role ${roles.join(' or ')}.`,
  });
}

/** @throws DibsError pool_forbidden */
export function assertPool({ pools }: KeyHolder, name: string): void {
  if (pools !== null && !pools.includes(name)) throw poolForbidden(name, pools);
}

export const poolForbidden = (name: string, pools: readonly string[]): DibsError =>
  new DibsError('pool_forbidden', `This key is not for work pool "${name}".`, {
    hint: `It is for ${pools.join(', ')}.`,
  });

export const seesSecrets = ({ role }: KeyHolder): boolean => role !== 'view';
