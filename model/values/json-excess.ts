import { NUMBERS } from './numbers.ts';

export interface Excess {
  readonly type: 'json_too_deep' | 'json_too_large';
  readonly message: string;
}

/**
 * What is too much in a JSON text, found before anything parses it: parsers recurse, and one that
 * gets nothing but brackets overflows the stack of its process. Every text of a caller that is
 * parsed, now or later, here or by a client, goes through this. It need not be valid JSON.
 */
export function jsonExcess(text: string): Excess | undefined {
  let depth = 0;
  let values = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === QUOTE) i = endOfString(text, i);
    else if (char === OPEN_LIST || char === OPEN_OBJECT) {
      values++;
      if (++depth > NUMBERS.jsonDepth) return TOO_DEEP;
    } else if (char === CLOSE_LIST || char === CLOSE_OBJECT) depth--;
    else if (char === COMMA && ++values > NUMBERS.bodyValues) return TOO_LARGE;
  }
  return values > NUMBERS.bodyValues ? TOO_LARGE : undefined;
}

function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text.charCodeAt(i) !== QUOTE) {
    i += text.charCodeAt(i) === BACKSLASH ? 2 : 1;
  }
  return i;
}

const [QUOTE, BACKSLASH, COMMA] = [34, 92, 44];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];

const TOO_DEEP: Excess = {
  type: 'json_too_deep',
  message: `JSON may be nested at most ${NUMBERS.jsonDepth} levels deep.`,
};
const TOO_LARGE: Excess = {
  type: 'json_too_large',
  message: `JSON may have at most ${NUMBERS.bodyValues} values.`,
};
