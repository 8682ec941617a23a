import type { Readable } from 'node:stream';

/** A program that never ends its line must not fill our memory: then the line is cut here. */
const LONGEST_LINE = 64 * 1024;

/**
 * Calls `onLine` with each line of a stream, without its line end. Settles when the stream is
 * closed; a pipe that broke counts as one that ended, so it never rejects.
 */
export function eachLine(stream: Readable, onLine: (line: string) => void): Promise<void> {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    for (; rest.length > LONGEST_LINE; rest = rest.slice(LONGEST_LINE)) {
      onLine(rest.slice(0, LONGEST_LINE));
    }
  });
  stream.on('error', () => {});
  return new Promise((resolve) => {
    stream.once('close', () => {
      if (rest) onLine(rest);
      resolve();
    });
  });
}
