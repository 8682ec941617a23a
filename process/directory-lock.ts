import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processMark } from './process-mark.ts';

export interface DirectoryLock {
  /** Keeps the lock held while process `pid` lives, even if this process is killed before it. */
  extendTo(pid: number): void;
  release(): void;
}

/** Another process uses the directory. `pid` is a living process. */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError';
  readonly pid: number;

  constructor(directory: string, pid: number) {
    super(`${directory} is in use by process ${pid}.`);
    this.pid = pid;
  }
}

/**
 * If this process is killed, a guardian ends the processes that the lock was extended to: 5 s of
 * grace, and some more.
 */
const ORPHAN_ENDS_WITHIN_MS = 10_000;

/**
 * Makes this process the only one that uses a directory. If a lock's owner is dead, its lock is
 * taken over as soon as the processes that it was extended to are gone.
 * @throws DirectoryInUseError if the owner lives
 * @throws the file system's errors
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const file = join(directory, 'lock');
  const mine = `${file}.${process.pid}`;
  const marks = [markOf(process.pid)];
  const put = () => writeFileSync(mine, `${marks.join('\n')}\n`);
  put();
  try {
    while (!linkOnce(mine, file)) await takeAway(file, directory);
  } finally {
    rmSync(mine, { force: true });
  }
  let held = true;
  return {
    extendTo(pid) {
      marks.push(markOf(pid));
      put();
      renameSync(mine, file);
    },
    release() {
      // Only once: at a second call, the lock may belong to another process.
      if (held) rmSync(file, { force: true });
      held = false;
    },
  };
}

/** Removes the existing lock. Throws DirectoryInUseError if its owner lives. */
async function takeAway(file: string, directory: string): Promise<void> {
  const seen = read(file);
  if (seen === undefined) return;
  const [owner = '', ...others] = seen.trim().split('\n');
  if (alive(owner)) throw inUse(directory, owner);
  const deadline = performance.now() + ORPHAN_ENDS_WITHIN_MS;
  for (let orphan = others.find(alive); orphan; orphan = others.find(alive)) {
    if (performance.now() > deadline) throw inUse(directory, orphan);
    await delay(20);
  }
  // Two processes may have seen the same dead owner. Put the lock back if it is not the one seen
  // here.
  const away = `${file}.old.${process.pid}`;
  try {
    renameSync(file, away);
  } catch {
    return;
  }
  if (read(away) !== seen) linkOnce(away, file);
  rmSync(away, { force: true });
}

function linkOnce(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function alive(mark: string): boolean {
  return processMark(Number.parseInt(mark, 10)) === mark;
}

function markOf(pid: number): string {
  return processMark(pid) ?? `${pid} unknown`;
}

function inUse(directory: string, mark: string): DirectoryInUseError {
  return new DirectoryInUseError(directory, Number.parseInt(mark, 10));
}
