import { headOf } from '../../model/values/cut-text.ts';

interface Line {
  readonly message: string;
  readonly name: string;
}

/**
 * A page whose messages fit a response together. The longest ones are cut where needed, so that no
 * page is shorter than it should be: clients take a short page for the last one, and count by pages.
 */
export function withMessagesCut<L extends Line>(lines: readonly L[], atMostBytes: number): L[] {
  const sizes = lines.map(({ message, name }) => jsonBytes(message) + jsonBytes(name) + BESIDE);
  const most = fairShare(sizes, atMostBytes);
  return lines.map((line, i) => ((sizes[i] ?? 0) <= most ? line : cut(line, most)));
}

/** Bytes of a line's other fields, as JSON. */
const BESIDE = 400;

/** What each line may have at most, so that all of them fit. */
function fairShare(sizes: readonly number[], atMost: number): number {
  let left = atMost;
  const ascending = sizes.toSorted((a, b) => a - b);
  for (const [i, size] of ascending.entries()) {
    const share = left / (ascending.length - i);
    if (size > share) return share;
    left -= size;
  }
  return Number.POSITIVE_INFINITY;
}

function cut<L extends Line>(line: L, mostBytes: number): L {
  const name = headOf(line.name, 1_000);
  const size = jsonBytes(line.message);
  const hint = `\n… [cut: this message has ${size} bytes. A page with limit 1 shows more of it.]`;
  const bytes = Math.max(0, mostBytes - jsonBytes(name) - BESIDE - Buffer.byteLength(hint));
  let message = line.message;
  for (let now = size; now > bytes && message !== ''; now = jsonBytes(message)) {
    message = headOf(message, Math.max(0, Math.floor((message.length * bytes) / now) - 1));
  }
  return { ...line, name, message: `${message}${hint}` };
}

const jsonBytes = (text: string): number => Buffer.byteLength(JSON.stringify(text));
