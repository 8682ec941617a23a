import type { HeldSlot, Scope } from '../../model/limits.ts';
import { idBytes, idText } from '../table/binary.ts';

/** A slot as stored in its holder's item, about 25 bytes: its scope and its number. */
type SlotEntry = readonly [letter: string, id: Uint8Array, k: number];

const LETTER: Readonly<Record<Scope['kind'], string>> = { pool: 'p', queue: 'q', deployment: 'd' };
const KIND = Object.fromEntries(
  Object.entries(LETTER).map(([kind, letter]) => [letter, kind]),
) as Record<string, Scope['kind']>;

export const toHeldSlot = ({ scope, k }: HeldSlot): SlotEntry => [
  LETTER[scope.kind],
  idBytes(scope.id),
  k,
];

export function fromHeldSlot(value: unknown): HeldSlot {
  const [letter, id, k] = value as SlotEntry;
  const kind = KIND[letter];
  if (!kind) throw new Error(`unknown scope of a slot in the table: ${letter}`);
  return { scope: { kind, id: idText(id) }, k };
}
