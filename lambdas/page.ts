import { toJson } from '../api/json.ts';
import { LIMITS } from '../core/limits.ts';

/** Which part of a list is asked for; null and absent mean Prefect's page of 200 from the start. */
export const pageOf = (
  body: { limit?: number | null | undefined; offset?: number | null | undefined } | undefined,
): { offset: number; limit: number } => ({ offset: body?.offset ?? 0, limit: body?.limit ?? 200 });

export const onPage = <Item>(
  items: readonly Item[],
  body: Parameters<typeof pageOf>[0],
): readonly Item[] => {
  const { offset, limit } = pageOf(body);
  return items.slice(offset, offset + limit);
};

/** Prefect's other way: pages by number, from 1. */
export const numberedPage = (
  body: { limit?: number | null | undefined; page?: number | null | undefined } | undefined,
): { offset: number; limit: number; page: number } => {
  const { limit, page } = { limit: body?.limit ?? 200, page: body?.page ?? 1 };
  return { offset: (page - 1) * limit, limit, page };
};

export const pageFacts = (count: number, limit: number, page: number) => ({
  count,
  limit,
  pages: limit > 0 ? Math.ceil(count / limit) : 0,
  page,
});

/** The first ones that fit a reply together, at least one. */
export function thatFit<Item>(items: readonly Item[]): Item[] {
  let bytes = 0;
  const end = items.findIndex((item) => {
    bytes += Buffer.byteLength(toJson(item));
    return bytes > LIMITS.replyBytes;
  });
  return items.slice(0, end < 0 ? items.length : Math.max(1, end));
}
