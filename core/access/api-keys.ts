import type { ApiKey, KeyHolder, Role } from '../../model/access.ts';
import { DibsError } from '../../model/values/errors.ts';
import { dayOf, type Instant, SECOND } from '../../model/values/instant.ts';
import type { Context } from '../context.ts';

export interface NewApiKey {
  readonly name: string;
  readonly role: Role;
  readonly pools: readonly string[] | null;
  readonly validForSeconds: number | null;
}

/**
 * Creates a key. Its text is not stored, so it is returned only here.
 * @throws DibsError first_key_is_admin
 */
export async function createApiKey(
  context: Context,
  { validForSeconds, ...wish }: NewApiKey,
): Promise<{ key: ApiKey; text: string }> {
  const { store, now, newId, newSecret, sha256 } = context;
  const at = now();
  if (wish.role !== 'admin' && !(await adminsAt(context, at)).length) throw firstIsAdmin();
  const id = newId();
  const text = `dibs_${id.replaceAll('-', '')}_${newSecret()}`;
  const key: ApiKey = {
    ...wish,
    id,
    hash: sha256(text),
    createdAt: at,
    validUntil: validForSeconds === null ? null : at + validForSeconds * SECOND,
    revokedAt: null,
    lastUsedOn: null,
  };
  await store.createApiKey(key);
  return { key, text };
}

/**
 * Revokes a key; in the table this takes effect at once. API Gateway caches the authorizer's
 * answers, so a key that was just used may still pass for as long as they are cached: a minute,
 * unless the stack sets another time. A valid admin key is revoked on condition that another admin
 * key, its keeper, is not revoked: if two admin keys revoke each other at the same time, one of
 * them stays.
 * @throws DibsError api_key_not_found, last_admin_key
 */
export async function revokeApiKey(context: Context, id: string): Promise<void> {
  const at = context.now();
  const admins = await adminsAt(context, at);
  const isAdmin = admins.some((key) => key.id === id);
  const keeper = isAdmin ? longestOf(admins.filter((key) => key.id !== id)) : undefined;
  if (isAdmin && !keeper) throw lastAdmin();
  const done = await context.store.revokeApiKey(id, at, keeper?.id);
  if (done === 'missing') throw new DibsError('api_key_not_found', 'API key not found.');
  // This recursion ends: each time, there is one admin key less.
  if (done === 'the keeper is revoked') await revokeApiKey(context, id);
}

/** The holder of the key with this text; undefined if it is not valid. Notes the day of its use. */
export async function callerOfKey(context: Context, text: string): Promise<KeyHolder | undefined> {
  const id = idOfKey(text);
  const key = id === undefined ? undefined : await context.store.readApiKey(id);
  const at = context.now();
  if (!key || key.hash !== context.sha256(text) || !isValid(key, at)) return undefined;
  const today = dayOf(at);
  // This is only a note, so its failure does not refuse the request.
  if (key.lastUsedOn !== today) await context.store.stampApiKey(key.id, today).catch(() => {});
  return { keyId: key.id, role: key.role, pools: key.pools };
}

const isValid = ({ revokedAt, validUntil }: ApiKey, at: Instant): boolean =>
  revokedAt === null && (validUntil === null || at < validUntil);

const adminsAt = async ({ store }: Context, at: Instant): Promise<ApiKey[]> =>
  (await store.listApiKeys()).filter((key) => key.role === 'admin' && isValid(key, at));

/** The key that stays valid the longest. */
const longestOf = ([first, ...others]: readonly ApiKey[]): ApiKey | undefined =>
  first && others.reduce((a, b) => (endOf(b) > endOf(a) ? b : a), first);

const endOf = ({ validUntil }: ApiKey): Instant => validUntil ?? Number.POSITIVE_INFINITY;

function idOfKey(text: string): string | undefined {
  const id = /^dibs_([0-9a-f]{32})_[\w-]{22}$/.exec(text)?.[1];
  return id?.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const lastAdmin = () =>
  new DibsError('last_admin_key', 'This is the last valid admin key.', {
    hint: 'Create another admin key first.',
  });

const firstIsAdmin = () =>
  new DibsError('first_key_is_admin', 'The first key of a server must have the role admin.', {
    hint: 'From then on every request needs a key, and only an admin can create keys.',
  });
