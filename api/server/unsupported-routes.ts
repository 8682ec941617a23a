import * as z from 'zod';
import type { Route } from '../route.ts';

/**
 * Features of Prefect that dibs does not have (yet): automations, events. These routes answer like
 * a server on which nobody has created any, so that flows that do not need them work. A create gets
 * 501.
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
    summary: `Answer 501: dibs has no ${what} yet.`,
  });
const find = <const P extends Path>(path: P) =>
  route('POST', path, { access: 'read', replies: list, summary: 'Answer with an empty list.' });
const tally = <const P extends Path>(path: P) =>
  route('POST', path, { access: 'read', replies: count, summary: 'Answer 0.' });
const read = <const P extends Path>(path: P) =>
  route('GET', path, { access: 'read', replies: one, summary: 'Answer 404: there is none.' });
const update = <const P extends Path>(path: P) =>
  route('PATCH', path, { access: 'deploy', replies: done, summary: 'Answer 404: there is none.' });
const remove = <const P extends Path>(path: P) =>
  route('DELETE', path, { access: 'deploy', replies: done, summary: 'Answer 404: there is none.' });

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
    summary: 'Answer with an empty list.',
  }),
  deleteOwnedAutomations: route('DELETE', '/api/automations/owned-by/{resource}', {
    access: 'deploy',
    replies: { 202: null },
    summary: 'Do nothing: there are none.',
  }),
  createEvents: route('POST', '/api/events', {
    access: 'execute',
    replies: done,
    summary: 'Accept events and discard them.',
  }),
  filterEvents: route('POST', '/api/events/filter', {
    access: 'read',
    replies: { 200: Events },
    summary: 'Answer with an empty list.',
  }),
} as const satisfies Record<string, Route>;
