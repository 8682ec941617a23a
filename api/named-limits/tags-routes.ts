import * as z from 'zod';
import type { Route } from '../route.ts';
import { anyJson } from '../verbatim.ts';
import {
  NamedLimitsFilter,
  ResetTag,
  TagLimit,
  TagLimitCreate,
  TagSlots,
  TakenLimits,
} from './schemas.ts';

const TAGS = '/api/concurrency_limits';

/** Concurrency limits of tasks by their tags: Prefect's oldest kind of limit. */
export const tagsRoutes = {
  createTagLimit: {
    method: 'POST',
    path: `${TAGS}/`,
    owner: 'control',
    access: 'operate',
    about: 'no pool',
    summary: 'Limit the task runs with a tag, or change that limit.',
    body: TagLimitCreate,
    replies: { 200: TagLimit, 201: TagLimit },
  },
  filterTagLimits: {
    method: 'POST',
    path: `${TAGS}/filter`,
    owner: 'control',
    access: 'read',
    about: 'no pool',
    summary: 'List the limits of tags.',
    body: NamedLimitsFilter,
    replies: { 200: z.array(TagLimit) },
  },
  readTagLimit: {
    method: 'GET',
    path: `${TAGS}/tag/{tag}`,
    owner: 'control',
    access: 'read',
    about: 'no pool',
    summary: 'Read the limit of a tag.',
    replies: { 200: TagLimit },
  },
  resetTagLimit: {
    method: 'POST',
    path: `${TAGS}/tag/{tag}/reset`,
    owner: 'control',
    access: 'operate',
    about: 'no pool',
    summary: 'Free all slots of a tag, or give them to these task runs.',
    body: ResetTag,
    replies: { 200: anyJson() },
  },
  deleteTagLimit: {
    method: 'DELETE',
    path: `${TAGS}/tag/{tag}`,
    owner: 'control',
    access: 'operate',
    about: 'no pool',
    summary: 'Delete the limit of a tag.',
    replies: { 200: anyJson() },
  },
  readTagLimitById: {
    method: 'GET',
    path: `${TAGS}/{id}`,
    owner: 'control',
    access: 'read',
    about: 'no pool',
    summary: 'Read the limit of a tag by its id.',
    replies: { 200: TagLimit },
  },
  deleteTagLimitById: {
    method: 'DELETE',
    path: `${TAGS}/{id}`,
    owner: 'control',
    access: 'operate',
    about: 'no pool',
    summary: 'Delete the limit of a tag by its id.',
    replies: { 200: anyJson() },
  },
  incrementTagLimits: {
    method: 'POST',
    path: `${TAGS}/increment`,
    owner: 'control',
    access: 'execute',
    about: 'no pool',
    summary: 'Take one slot of each of these tags for a task run, or of none (423).',
    body: TagSlots,
    replies: { 200: TakenLimits },
  },
  decrementTagLimits: {
    method: 'POST',
    path: `${TAGS}/decrement`,
    owner: 'control',
    access: 'execute',
    about: 'no pool',
    summary: 'Give back the slots of a task run.',
    body: TagSlots,
    replies: { 200: TakenLimits },
  },
} as const satisfies Record<string, Route>;
