import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../local/free-port.ts';
import { spawnGuarded } from '../../process/guarded-spawn.ts';
import type { AtTheEnd } from './at-the-end.ts';

const run = promisify(execFile);
const DEBIAN = '/usr/lib/postgresql';
const READY_WITHIN_MS = 30_000;

/**
 * Turns off Postgres's waiting for the disk, which is to Prefect's advantage. Neither database
 * keeps its data, because DynamoDB Local runs in memory.
 */
const SETTINGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

export interface Postgres {
  readonly version: string;
  /** In SQLAlchemy's format. */
  readonly url: string;
}

/**
 * Starts a new, empty Postgres on a free port. Undefined if none is installed or can be started.
 */
export async function startPostgres(
  atTheEnd: AtTheEnd,
  say: (line: string) => void,
): Promise<Postgres | undefined> {
  const programs = newestPrograms();
  if (programs === undefined) return undefined;
  try {
    return await start(programs, atTheEnd);
  } catch (error) {
    say(
      `Postgres in ${programs} cannot be started: ${error instanceof Error ? error.message : error}`,
    );
    return undefined;
  }
}

async function start(programs: string, atTheEnd: AtTheEnd): Promise<Postgres> {
  const directory = mkdtempSync(join(tmpdir(), 'dibs-bench-postgres-'));
  atTheEnd(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));
  const asUser = await ordinaryUser(directory);
  const command = (name: string, ...args: string[]) => [...asUser, join(programs, name), ...args];
  const call = async ([file = '', ...args]: string[]) =>
    (await run(file, args, { cwd: directory })).stdout;
  const data = join(directory, 'data');
  await call(
    command('initdb', '-D', data, '-U', 'bench', '-A', 'trust', '-E', 'UTF8', '--no-sync'),
  );
  const port = String(await freePort());
  const settings = SETTINGS.flatMap((setting) => ['-c', setting]);
  const [file = '', ...args] = command('postgres', '-D', data, '-p', port, ...settings);
  const program = await spawnGuarded({
    command: file,
    args: [...args, '-h', '127.0.0.1', '-k', directory],
    cwd: directory,
  });
  atTheEnd(async () => void (await program.end()));
  const isReady = command('pg_isready', '-q', '-h', '127.0.0.1', '-p', port);
  const deadline = performance.now() + READY_WITHIN_MS;
  while (
    !(await call(isReady).then(
      () => true,
      () => false,
    ))
  ) {
    if (performance.now() > deadline) throw new Error('it does not answer');
    await delay(100);
  }
  const version = (await call(command('postgres', '--version'))).trim();
  return { version, url: `postgresql+asyncpg://bench@127.0.0.1:${port}/postgres` };
}

function newestPrograms(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : [];
  return versions
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(DEBIAN, version, 'bin'))
    .find((programs) => existsSync(join(programs, 'initdb')));
}

/** Postgres refuses to run as root. Then it runs as a user that owns only the directory. */
async function ordinaryUser(directory: string): Promise<string[]> {
  if (process.getuid?.() !== 0) return [];
  for (const user of ['postgres', 'nobody']) {
    const ids = await Promise.all([idOf('-u', user), idOf('-g', user)]).catch(() => undefined);
    if (!ids) continue;
    chownSync(directory, ...ids);
    return ['setpriv', `--reuid=${ids[0]}`, `--regid=${ids[1]}`, '--clear-groups', '--'];
  }
  throw new Error('it must not run as root, and there is neither a user postgres nor nobody');
}

async function idOf(which: '-u' | '-g', user: string): Promise<number> {
  return Number((await run('id', [which, user])).stdout);
}
