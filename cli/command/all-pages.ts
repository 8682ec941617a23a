/** The most that one page may have. */
const PAGE = 200;

/**
 * Everything that a list has, or its first `atMost`. A page may be shorter than it was asked to be and
 * not the last (replies are bounded in bytes): only an empty one is.
 */
export async function allPages<Item>(
  read: (page: { limit: number; offset: number }) => Promise<readonly Item[]>,
  atMost = Number.POSITIVE_INFINITY,
): Promise<Item[]> {
  const items: Item[] = [];
  while (items.length < atMost) {
    const limit = Math.min(PAGE, atMost - items.length);
    const page = await read({ limit, offset: items.length });
    if (page.length === 0) break;
    items.push(...page);
  }
  return items;
}
