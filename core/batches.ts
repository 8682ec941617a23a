/** Shuffles the items in place (Fisher-Yates). */
export function shuffle<Item>(items: Item[], random: () => number): Item[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const [a, b] = [items[i] as Item, items[j] as Item];
    items[i] = b;
    items[j] = a;
  }
  return items;
}

/** The items in their order, so many at a time. */
export function* inBatches<Item>(items: readonly Item[], size: number): Generator<Item[]> {
  for (let i = 0; i < items.length; i += size) yield items.slice(i, i + size);
}

/** Pages of a list, each read when it is asked for, from where the one before it ended. */
export async function* pages<Page extends { readonly next?: string | undefined }>(
  read: (onFrom: { after?: string }) => Promise<Page>,
): AsyncGenerator<Page> {
  let after: string | undefined;
  do {
    const page = await read(after === undefined ? {} : { after });
    yield page;
    after = page.next;
  } while (after !== undefined);
}
