import { randomUUID } from 'node:crypto';
import { ROUTES, type RouteName } from '../../api/routes.ts';
import type { Client } from '../../client/index.ts';
import { ROLES, type Role } from '../../model/access.ts';
import { request } from './http.ts';

/** Who comes: with a valid key of a role, with one that is valid no longer, a wrong one, or none. */
const VISITORS = ['none', 'wrong', 'revoked', 'expired', ...ROLES] as const;
export type Visitor = (typeof VISITORS)[number];

/** What a visitor gets at a route: let in, whatever comes of it then, or the status of the refusal. */
export type Entry = 'in' | 401 | 403;
export type RoleMatrix = ReadonlyMap<RouteName, Readonly<Record<Visitor, Entry>>>;

/** A key for each visitor. `client`: an admin's; `expire` waits until a key of one second is over. */
export async function makeKeys(client: Client): Promise<Record<Visitor, string | undefined>> {
  const create = (role: Role, more: { valid_for_seconds?: number } = {}) =>
    client.createApiKey({ body: { name: 'walks', role, ...more } });
  const expired = await create('admin', { valid_for_seconds: 1 });
  const revoked = await create('admin');
  const [admin, deploy, agent, view] = await Promise.all(ROLES.map((role) => create(role)));
  await client.revokeApiKey({ id: revoked.id });
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  return {
    none: undefined,
    wrong: `dibs_${randomUUID().replaceAll('-', '')}_${'A'.repeat(22)}`,
    revoked: revoked.key,
    expired: expired.key,
    admin: admin?.key,
    deploy: deploy?.key,
    agent: agent?.key,
    view: view?.key,
  };
}

/**
 * Every route by every visitor, in the order of the table. Bodies are none that any route takes, and ids
 * none that there are: what is let in changes nothing.
 */
export async function walkRoles(
  url: string,
  keys: Readonly<Record<Visitor, string | undefined>>,
): Promise<RoleMatrix> {
  const matrix = new Map<RouteName, Record<Visitor, Entry>>();
  for (const name of Object.keys(ROUTES) as RouteName[]) {
    const entries = await Promise.all(VISITORS.map((who) => enter(url, name, keys[who])));
    const row = Object.fromEntries(VISITORS.map((who, i) => [who, entries[i]]));
    matrix.set(name, row as Record<Visitor, Entry>);
  }
  return matrix;
}

async function enter(url: string, name: RouteName, key: string | undefined): Promise<Entry> {
  const { method, path } = ROUTES[name];
  const filled = path.slice('/api'.length).replaceAll(/\{\w+\}/g, randomUUID());
  const body = method === 'GET' ? undefined : '[]';
  const headers = key ? { authorization: `Bearer ${key}` } : undefined;
  const { status } = await request({ url }, method, filled, body, headers);
  return status === 401 || status === 403 ? status : 'in';
}
