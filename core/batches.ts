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
