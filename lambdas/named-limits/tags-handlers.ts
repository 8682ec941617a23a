import type * as z from 'zod';
import type { TagLimit as TagLimitSchema } from '../../api/named-limits/schemas.ts';
import type { tagsRoutes } from '../../api/named-limits/tags-routes.ts';
import { tagOf } from '../../core/named-limits/counts.ts';
import {
  createTagLimit,
  deleteTagLimit,
  giveTagSlotsBack,
  listTagLimits,
  readTagLimit,
  resetTagLimit,
  type TagLimit,
  takeTagSlots,
} from '../../core/named-limits/tag-limits.ts';
import { toIso } from '../../model/values/instant.ts';
import { JsonText } from '../../model/values/json-text.ts';
import type { Handles } from '../http/http.ts';
import { onPage } from '../http/page.ts';
import { minimal } from './handlers.ts';

const NULL = new JsonText('null');

export const tagLimitHandlers = {
  createTagLimit: async (context, { body }) => {
    const { created, ...limit } = await createTagLimit(context, body.tag, body.concurrency_limit);
    return { status: created ? 201 : 200, body: shape(limit) };
  },

  filterTagLimits: async (context, { body }) => ({
    status: 200,
    body: onPage(await listTagLimits(context), body).map(shape),
  }),

  readTagLimit: async (context, { path }) => ({
    status: 200,
    body: shape(await readTagLimit(context, { tag: path.tag })),
  }),

  readTagLimitById: async (context, { path }) => ({
    status: 200,
    body: shape(await readTagLimit(context, { id: path.id })),
  }),

  resetTagLimit: async (context, { path, body }) => {
    await resetTagLimit(context, path.tag, body?.slot_override ?? []);
    return { status: 200, body: NULL };
  },

  deleteTagLimit: async (context, { path }) => {
    await deleteTagLimit(context, { tag: path.tag });
    return { status: 200, body: NULL };
  },

  deleteTagLimitById: async (context, { path }) => {
    await deleteTagLimit(context, { id: path.id });
    return { status: 200, body: NULL };
  },

  /**
   * As in Prefect, the response names limits by tag here, and by their own name when slots are
   * given back.
   */
  incrementTagLimits: async (context, { body }) => {
    const taken = await takeTagSlots(context, body.names, body.task_run_id);
    const named = taken.map((one) => ({ ...one, name: tagOf(one) ?? one.name }));
    return { status: 200, body: minimal(named) };
  },

  decrementTagLimits: async (context, { body }) => ({
    status: 200,
    body: minimal(await giveTagSlotsBack(context, body.names, body.task_run_id)),
  }),
} satisfies Handles<keyof typeof tagsRoutes>;

const shape = ({ tag, limit, holders }: TagLimit): z.output<typeof TagLimitSchema> => ({
  id: limit.id,
  created: toIso(limit.createdAt),
  updated: toIso(limit.updatedAt),
  tag,
  concurrency_limit: limit.limit,
  active_slots: [...holders],
});
