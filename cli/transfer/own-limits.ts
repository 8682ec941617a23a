import type { Item } from './read-lines.ts';

/**
 * Deployments that share a limit get one each, of the size that the shared one has: of three which share
 * a limit of 2, six runs may then go on at once. Where that limit is not among the records, the
 * deployment stays as it is, and is refused.
 */
export function withOwnLimits(items: readonly Item[]): Item[] {
  const sizes = new Map(
    items.flatMap((item) =>
      'record' in item && item.record.kind === 'concurrency_limit'
        ? [[item.record.name, item.record.limit] as const]
        : [],
    ),
  );
  return items.map((item) => {
    if (!('record' in item) || item.record.kind !== 'deployment') return item;
    const size = sizes.get(item.record.global_concurrency_limit ?? '');
    if (size === undefined) return item;
    const own = { concurrency_limit: size, global_concurrency_limit: null };
    return { ...item, record: { ...item.record, ...own } };
  });
}
