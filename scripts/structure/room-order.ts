import { importsOf } from './imports.ts';
import { ROOMS } from './rooms.ts';

interface Room {
  readonly layer: string;
  readonly room: string;
}

function roomOf(file: string): Room | undefined {
  const [layer, second, ...inside] = file.split('/');
  if (!layer || !second || !(layer in ROOMS)) return undefined;
  return { layer, room: inside.length > 0 ? second : second.replace(/\.ts$/, '') };
}

/** Imports from one room to another that stands behind it, and rooms that have no place yet. */
export function wrongRooms(texts: ReadonlyMap<string, string>): string[] {
  const wrong: string[] = [];
  for (const [file, text] of texts) {
    const from = roomOf(file);
    if (!from) continue;
    const order = ROOMS[from.layer] ?? [];
    if (!order.includes(from.room)) {
      wrong.push(
        `${file}: room ${from.room} of ${from.layer}/ has no place in scripts/structure/rooms.ts`,
      );
      continue;
    }
    for (const imported of importsOf(file, text)) {
      const to = roomOf(imported);
      if (to?.layer !== from.layer) continue;
      if (order.indexOf(to.room) > order.indexOf(from.room)) {
        wrong.push(`${file}: imports ${imported}, but ${to.room} stands above ${from.room}`);
      }
    }
  }
  return wrong;
}
