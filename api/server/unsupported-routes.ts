import * as z from 'zod';
import type { Route } from '../route.ts';

/**
 * What Prefect has and dibs has not (yet): automations, events. They are answered as a server would where nobody ever created any, so that
 * flows which need none of it go on; a create is 501.
 */
type Path = Route['path'];

const created = { 201: z.unknown() };
const one = { 200: z.unknown() };
const list = { 200: z.array(z.unknown()) };
const count = { 200: z.number() };
const done = { 204: null };

const create = <const P extends Path>(path: P, what: string) =>
  route('POST', path, 'deploy', created, `501: there are no ${what} yet.`);
const find = <const P extends Path>(path: P) =>
  route('POST', path, 'read', list, 'There are none.');
const tally = <const P extends Path>(path: P) =>
  route('POST', path, 'read', count, 'There are none.');
const read = <const P extends Path>(path: P) => route('GET', path, 'read', one, 'There is none.');
const update = <const P extends Path>(path: P) =>
  route('PATCH', path, 'deploy', done, 'There is none.');
const remove = <const P extends Path>(path: P) =>
  route('DELETE', path, 'deploy', done, 'There is none.');

function route<
  const M extends Route['method'],
  const P extends Path,
  const A extends Route['access'],
  const R extends Route['replies'],
>(method: M, path: P, access: A, replies: R, summary: string) {
  return { method, path, owner: 'control', access, about: 'no pool', summary, replies } as const;
}

const Events = z.object({
  events: z.array(z.unknown()),
  total: z.number(),
  next_page: z.null(),
});

export const unsupportedRoutes = {
  createAutomation: create('/api/automations/', 'automations'),
  filterAutomations: find('/api/automations/filter'),
  countAutomations: tally('/api/automations/count'),
  readAutomation: read('/api/automations/{id}'),
  updateAutomation: update('/api/automations/{id}'),
  deleteAutomation: remove('/api/automations/{id}'),
  readRelatedAutomations: route(
    'GET',
    '/api/automations/related-to/{resource}',
    'read',
    list,
    'There are none.',
  ),
  deleteOwnedAutomations: route(
    'DELETE',
    '/api/automations/owned-by/{resource}',
    'deploy',
    { 202: null },
    'There are none.',
  ),
  createEvents: route('POST', '/api/events', 'execute', done, 'They are taken, and not kept.'),
  filterEvents: route('POST', '/api/events/filter', 'read', { 200: Events }, 'There are none.'),
} as const satisfies Record<string, Route>;
