/** The most items that one page may have. */
const PAGE = 200;

/**
 * Reads all items of a list, or its first `atMost`. The size of a response is limited, so a page
 * may be shorter than requested although more pages follow. Only an empty page marks the end.
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
