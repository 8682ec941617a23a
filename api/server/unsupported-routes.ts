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
  route('POST', path, {
    access: 'deploy',
    replies: created,
    summary: `501: there are no ${what} yet.`,
  });
const find = <const P extends Path>(path: P) =>
  route('POST', path, { access: 'read', replies: list, summary: 'There are none.' });
const tally = <const P extends Path>(path: P) =>
  route('POST', path, { access: 'read', replies: count, summary: 'There are none.' });
const read = <const P extends Path>(path: P) =>
  route('GET', path, { access: 'read', replies: one, summary: 'There is none.' });
const update = <const P extends Path>(path: P) =>
  route('PATCH', path, { access: 'deploy', replies: done, summary: 'There is none.' });
const remove = <const P extends Path>(path: P) =>
  route('DELETE', path, { access: 'deploy', replies: done, summary: 'There is none.' });

function route<
  const M extends Route['method'],
  const P extends Path,
  const Rest extends Pick<Route, 'access' | 'replies' | 'summary'>,
>(method: M, path: P, rest: Rest) {
  return { method, path, owner: 'control', about: 'no pool', ...rest } as const;
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
  readRelatedAutomations: route('GET', '/api/automations/related-to/{resource}', {
    access: 'read',
    replies: list,
    summary: 'There are none.',
  }),
  deleteOwnedAutomations: route('DELETE', '/api/automations/owned-by/{resource}', {
    access: 'deploy',
    replies: { 202: null },
    summary: 'There are none.',
  }),
  createEvents: route('POST', '/api/events', {
    access: 'execute',
    replies: done,
    summary: 'They are taken, and not kept.',
  }),
  filterEvents: route('POST', '/api/events/filter', {
    access: 'read',
    replies: { 200: Events },
    summary: 'There are none.',
  }),
} as const satisfies Record<string, Route>;
