import type { Readable } from 'node:stream';

/** Longer lines are cut, so that a program which never ends its line cannot fill our memory. */
const LONGEST_LINE = 64 * 1024;

/**
 * Calls `onLine` with each line of a stream, without its line end. Resolves when the stream is
 * closed. Never rejects: a broken pipe counts as the end of the stream.
 */
export function eachLine(
  stream: Readable,
  onLine: (line: string) => void,
  longest = LONGEST_LINE,
): Promise<void> {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    for (; rest.length > longest; rest = rest.slice(longest)) onLine(rest.slice(0, longest));
  });
  stream.on('error', () => {});
  return new Promise((resolve) => {
    stream.once('close', () => {
      if (rest) onLine(rest);
      resolve();
    });
  });
}
