import { writeSync } from 'node:fs';

/**
 * The pipe on which the flow's log comes, beside standard output and the channel. Unlike the
 * channel's, its writes are done when they return.
 */
export const LOG_PIPE = 5;

/** Longer lines of the pipe are not ours: this is the longest message in its longest notation. */
export const LONGEST_LOG_LINE = 8 * 1024 * 1024;

/**
 * Makes standard output and standard error of this process wait until the agent has taken what is
 * written. By default, Node keeps what the pipe cannot take at once, and loses it when the process
 * exits or is killed: most of a long output, and its end above all.
 */
export function writeAtOnce(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const { _handle: handle } = stream as unknown as {
      readonly _handle?: { setBlocking?: (isBlocking: boolean) => void };
    };
    handle?.setBlocking?.(true);
  }
}

/** Writes one line of the log. Returns false if the flow has closed the pipe. */
export function writeLogLine(line: string): boolean {
  const bytes = Buffer.from(`${line}\n`);
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(LOG_PIPE, bytes, done);
    return true;
  } catch {
    return false;
  }
}
