import { combine, type Matches } from './criteria.ts';

export interface AmongIds {
  readonly any_?: readonly string[] | null | undefined;
  readonly not_any_?: readonly string[] | null | undefined;
}

export interface AmongNames {
  readonly any_?: readonly string[] | null | undefined;
  readonly like_?: string | null | undefined;
}

/** null matches neither `any_` nor `not_any_`, as in SQL. */
type Text = string | null;

export const amongIds = ({ any_, not_any_ }: AmongIds): Matches<Text> =>
  combine('and_', [
    any_ ? oneOf(any_) : undefined,
    not_any_?.length ? noneOf(not_any_) : undefined,
  ]);

export const amongNames = ({ any_, like_ }: AmongNames): Matches<Text> =>
  combine('and_', [any_ ? oneOf(any_) : undefined, like_ ? like(like_) : undefined]);

function oneOf(list: readonly string[]): Matches<Text> {
  const wanted = new Set(list);
  return (text) => text !== null && wanted.has(text);
}

function noneOf(list: readonly string[]): Matches<Text> {
  const unwanted = new Set(list);
  return (text) => text !== null && !unwanted.has(text);
}

/**
 * Matches a part of the text; case is ignored. As in SQL, `%` stands for any text and `_` for any
 * one character. Each piece is matched at its first occurrence, so there is no backtracking,
 * however many pieces there are.
 */
function like(part: string): Matches<Text> {
  const pieces = part
    .toLowerCase()
    .split('%')
    .map((piece) => [...piece]);
  return (text) => {
    if (text === null) return false;
    const characters = [...text.toLowerCase()];
    let from = 0;
    for (const piece of pieces) {
      const at = indexOf(characters, piece, from);
      if (at < 0) return false;
      from = at + piece.length;
    }
    return true;
  };
}

function indexOf(text: readonly string[], piece: readonly string[], from: number): number {
  for (let at = from; at + piece.length <= text.length; at++) {
    if (piece.every((one, i) => one === '_' || one === text[at + i])) return at;
  }
  return -1;
}
