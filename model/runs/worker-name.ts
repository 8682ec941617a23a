/**
 * In characters. A run's item, which has its worker's name, must stay small; most names are short.
 */
const LONGEST = 60;

/** Shortens a long name. Names that differ within the first 60 characters still differ. */
export function toldName(name: string): string {
  const characters = [...name];
  return characters.length <= LONGEST ? name : `${characters.slice(0, LONGEST).join('')}…`;
}
