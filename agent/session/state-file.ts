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
  /** Called once, with what cannot be used and why. */
  readonly onFault: (path: string, reason: string) => void;
}

/** Each start of an agent whose server is away adds one. */
const SESSIONS = 8;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Which sessions an agent of this name, pool and API may have open, so that it can prove after a
 * restart that they were its own: `{"sessions": ["<id>", …]}`, the newest first. There are no secrets
 * in it. A lock keeps others out for as long as this process lives.
 *
 * Gives undefined while another live agent has the file, and when there can be none: an agent works
 * without, but for its name after a restart.
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

  /** The sessions it names; none when it cannot be read. */
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

  /** All or nothing, for whoever reads it after us. */
  write(sessions: readonly string[]): void {
    const next = `${this.#path}.next`;
    try {
      if (sessions.length > 0) {
        const text = `${JSON.stringify({ sessions: sessions.slice(0, SESSIONS) })}\n`;
        // Also where the directory was there before us, open to all.
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
      // It holds what the next process is to know.
    }
  }

  #fault(reason: string): void {
    if (!this.#isFaulty) this.#onFault(this.#path, reason);
    this.#isFaulty = true;
  }
}

/**
 * The host is part of it, for only on the same host can we tell whether the lock's owner lives, where
 * several share a disk. The pool and the name are for people, what follows them for the machine.
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

/** `EACCES: permission denied, mkdir '/x'`, or what is wrong with the JSON. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
