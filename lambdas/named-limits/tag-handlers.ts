import type * as z from 'zod';
import type { TagLimit as TagLimitSchema } from '../../api/named-limits/schemas.ts';
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
import type { Handle } from '../http/http.ts';
import { onPage } from '../http/page.ts';
import { minimal } from './handlers.ts';

const NULL = new JsonText('null');

export const handleCreateTagLimit: Handle<'createTagLimit'> = async (context, { body }) => {
  const { created, ...limit } = await createTagLimit(context, body.tag, body.concurrency_limit);
  return { status: created ? 201 : 200, body: shape(limit) };
};

export const handleFilterTagLimits: Handle<'filterTagLimits'> = async (context, { body }) => ({
  status: 200,
  body: onPage(await listTagLimits(context), body).map(shape),
});

export const handleReadTagLimit: Handle<'readTagLimit'> = async (context, { path }) => ({
  status: 200,
  body: shape(await readTagLimit(context, { tag: path.tag })),
});

export const handleReadTagLimitById: Handle<'readTagLimitById'> = async (context, { path }) => ({
  status: 200,
  body: shape(await readTagLimit(context, { id: path.id })),
});

export const handleResetTagLimit: Handle<'resetTagLimit'> = async (context, { path, body }) => {
  await resetTagLimit(context, path.tag, body?.slot_override ?? []);
  return { status: 200, body: NULL };
};

export const handleDeleteTagLimit: Handle<'deleteTagLimit'> = async (context, { path }) => {
  await deleteTagLimit(context, { tag: path.tag });
  return { status: 200, body: NULL };
};

export const handleDeleteTagLimitById: Handle<'deleteTagLimitById'> = async (context, { path }) => {
  await deleteTagLimit(context, { id: path.id });
  return { status: 200, body: NULL };
};

/** By its tag, where it was taken; by its name, where it is given back: as in Prefect. */
export const handleIncrementTagLimits: Handle<'incrementTagLimits'> = async (context, { body }) => {
  const taken = await takeTagSlots(context, body.names, body.task_run_id);
  const named = taken.map((one) => ({ ...one, name: tagOf(one) ?? one.name }));
  return { status: 200, body: minimal(named) };
};

export const handleDecrementTagLimits: Handle<'decrementTagLimits'> = async (
  context,
  { body },
) => ({
  status: 200,
  body: minimal(await giveTagSlotsBack(context, body.names, body.task_run_id)),
});

const shape = ({ tag, limit, holders }: TagLimit): z.output<typeof TagLimitSchema> => ({
  id: limit.id,
  created: toIso(limit.createdAt),
  updated: toIso(limit.updatedAt),
  tag,
  concurrency_limit: limit.limit,
  active_slots: [...holders],
});
