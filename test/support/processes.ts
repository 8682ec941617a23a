import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { processMark } from '../../process/process-mark.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface RunningScript {
  readonly child: ChildProcess;
  readonly stdout: LineReader;
  readonly stderr: LineReader;
  /** Exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** Runs Node with these arguments, at the root of the repository. */
export function runNode(args: readonly string[], env: NodeJS.ProcessEnv = {}): RunningScript {
  return running(
    spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
}

/** Runs a module given as text; it imports by URL: `import ... from '${url('local/java.ts')}'`. */
export function runScript(text: string): RunningScript {
  return runNode(['--input-type=module', '--eval', text]);
}

/** The URL of a file of this repository. */
export function url(path: string): string {
  return new URL(`../../${path}`, import.meta.url).href;
}

/** Settles when no such process lives: another process's child gives no event, so it is looked at. */
export async function untilGone(pid: number): Promise<void> {
  while (processMark(pid) !== undefined) await new Promise((resolve) => setTimeout(resolve, 10));
}

export function parentOf(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }));
}

/** Lines as they come, each given out once. */
class LineReader {
  readonly #lines: AsyncIterator<string>;
  constructor(stream: NodeJS.ReadableStream) {
    this.#lines = createInterface({ input: stream })[Symbol.asyncIterator]();
  }

  async next(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('no more lines');
    return value;
  }

  async rest(): Promise<string> {
    const lines: string[] = [];
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) return lines.join('\n');
      lines.push(value);
    }
  }
}

function running(child: ChildProcess): RunningScript {
  if (!child.stdout || !child.stderr) throw new Error('no pipes');
  return {
    child,
    stdout: new LineReader(child.stdout),
    stderr: new LineReader(child.stderr),
    ended: once(child, 'exit').then(([code, signal]) => signal ?? code),
  };
}
