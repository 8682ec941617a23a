import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import {
  DirectoryInUseError,
  type DirectoryLock,
  lockDirectory,
} from '../../process/directory-lock.ts';

interface StateFileOptions {
  /** Default: `dibs` in `XDG_STATE_HOME`, or in `~/.local/state`. */
  readonly stateDir?: string | undefined;
  readonly url: string;
  readonly pool: string;
  readonly name: string;
  /** Called once, with the path that cannot be used and the reason. */
  readonly onFault: (path: string, reason: string) => void;
}

/**
 * The most session ids in the file. Each start of an agent whose server does not answer adds one.
 */
const SESSIONS = 8;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Opens the file that lists the sessions which an agent of this name, pool and API may have open,
 * so that the agent can prove after a restart that they were its own: `{"sessions": ["<id>", …]}`,
 * the newest first. It holds no secrets. A lock keeps other processes out while this process lives.
 *
 * Returns undefined if another live agent has the file, or if there can be no file. An agent works
 * without it, but may not get its name back after a restart.
 */
export async function openStateFile(options: StateFileOptions): Promise<StateFile | undefined> {
  let directory = options.stateDir ?? '';
  try {
    directory = directoryOf(options);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return new StateFile(directory, await lockDirectory(directory), options.onFault);
  } catch (error) {
    if (!(error instanceof DirectoryInUseError)) options.onFault(directory, reasonOf(error));
    return undefined;
  }
}

export class StateFile {
  readonly #directory: string;
  readonly #path: string;
  readonly #lock: DirectoryLock;
  readonly #onFault: StateFileOptions['onFault'];
  #isFaulty = false;

  constructor(directory: string, lock: DirectoryLock, onFault: StateFileOptions['onFault']) {
    this.#directory = directory;
    this.#path = join(directory, 'sessions.json');
    this.#lock = lock;
    this.#onFault = onFault;
  }

  /** Reads the session ids. Returns none if the file cannot be read. */
  read(): string[] {
    try {
      const { sessions } = JSON.parse(readFileSync(this.#path, 'utf8')) as { sessions: unknown };
      if (Array.isArray(sessions) && sessions.every((id) => UUID.test(id))) return sessions;
      this.#fault('expected {"sessions": [<UUID>, …]}, found something else');
    } catch (error) {
      if (!isMissing(error)) this.#fault(reasonOf(error));
    }
    return [];
  }

  /** Writes the whole file or nothing, so that the next process never reads half a file. */
  write(sessions: readonly string[]): void {
    const next = `${this.#path}.next`;
    try {
      if (sessions.length > 0) {
        const text = `${JSON.stringify({ sessions: sessions.slice(0, SESSIONS) })}\n`;
        // The mode matters if the directory existed before and is open to other users.
        writeFileSync(next, text, { mode: 0o600 });
        renameSync(next, this.#path);
      } else rmSync(this.#path, { force: true });
    } catch (error) {
      this.#fault(reasonOf(error));
    }
  }

  release(): void {
    this.#lock.release();
    try {
      rmdirSync(this.#directory);
    } catch {
      // The directory is not empty: it holds the sessions for the next process.
    }
  }

  #fault(reason: string): void {
    if (!this.#isFaulty) this.#onFault(this.#path, reason);
    this.#isFaulty = true;
  }
}

/**
 * The directory of an agent's state file. The host is part of the hash: if several hosts share a
 * disk, a process can tell only on its own host whether the lock's owner lives. The pool and the
 * name in the path are for people; the hash after them makes the path unique.
 */
function directoryOf({ stateDir, url, pool, name }: StateFileOptions): string {
  const home = process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state');
  const whole = JSON.stringify([hostname(), url.replace(/\/$/, ''), pool, name]);
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, 16);
  const readable = `${pool}-${name}`.replace(/[^\w.-]/g, '_').slice(0, 60);
  return join(stateDir ?? join(home, 'dibs'), `${readable}-${hash}`);
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** The error's message: `EACCES: permission denied, mkdir '/x'`, or what is wrong with the JSON. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
