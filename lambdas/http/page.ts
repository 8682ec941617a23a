import { toJson } from '../../api/json.ts';
import { NUMBERS } from '../../model/values/numbers.ts';

/** The part of a list that a body asks for. Default: Prefect's page, the first 200. */
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

/** One page of a list, by its number, with Prefect's counts. */
export function pagination<Item>(
  items: readonly Item[],
  body: { limit?: number | null | undefined; page?: number | null | undefined } | undefined,
) {
  const { limit } = pageOf(body);
  const page = body?.page ?? 1;
  const count = items.length;
  const pages = limit > 0 ? Math.ceil(count / limit) : 0;
  return { items: items.slice((page - 1) * limit, page * limit), count, limit, pages, page };
}
/** The first items that fit a response together, but at least one. */
export function thatFit<Item>(items: readonly Item[]): Item[] {
  let bytes = 0;
  const end = items.findIndex((item) => {
    bytes += Buffer.byteLength(toJson(item));
    return bytes > NUMBERS.replyBytes;
  });
  return items.slice(0, end < 0 ? items.length : Math.max(1, end));
}
