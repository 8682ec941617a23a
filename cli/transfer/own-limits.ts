import type { Item } from './read-lines.ts';

/**
 * Gives each deployment that shares a limit its own limit of the same size. If three deployments
 * share a limit of 2, six of their runs may then be held at once. If the shared limit is not among
 * the records, the deployment stays as it is, and the import refuses it.
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
