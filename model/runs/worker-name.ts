/** A worker's name in a run's history: the item has to stay small, and most names are short. */
const LONGEST = 60;

/** The same name gives the same text; two names that differ early do not. */
export function toldName(name: string): string {
  const characters = [...name];
  return characters.length <= LONGEST ? name : `${characters.slice(0, LONGEST).join('')}…`;
}
