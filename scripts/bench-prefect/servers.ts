import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startDynamoDbLocal } from '../../local/dynamodb-local.ts';
import { freePort } from '../../local/free-port.ts';
import { spawnGuarded } from '../../process/guarded-spawn.ts';
import { startServerProcess } from '../bench/server-process.ts';
import type { AtTheEnd } from './at-the-end.ts';
import { startPostgres } from './postgres.ts';

const run = promisify(execFile);
/** The first start takes long, because it creates the tables. */
const READY_WITHIN_MS = 180_000;
const LAST_LINES = 20;

export interface BenchServer {
  readonly name: 'Prefect' | 'dibs';
  readonly what: string;
  readonly url: string;
  /** True for SQLite, which has one writer: several claimers make no difference. */
  readonly isSingleWriter: boolean;
}

/** The handlers of dibs in their own process, on DynamoDB Local. */
export async function startDibs(atTheEnd: AtTheEnd): Promise<BenchServer> {
  const database = await startDynamoDbLocal({ data: 'memory' });
  atTheEnd(database.stop);
  const server = await startServerProcess(database.endpoint);
  atTheEnd(server.stop);
  const what = 'dibs, local stack on DynamoDB Local, in memory';
  return { name: 'dibs', what, url: server.url, isSingleWriter: false };
}

/** The real server, as `prefect server start` starts it, with its background services. */
export async function startPrefect(
  python: string,
  atTheEnd: AtTheEnd,
  say: (line: string) => void,
): Promise<BenchServer> {
  const home = mkdtempSync(join(tmpdir(), 'dibs-bench-prefect-'));
  atTheEnd(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
  const postgres = await startPostgres(atTheEnd, say);
  const port = String(await freePort());
  const said: string[] = [];
  const keep = (line: string) => void (said.push(line) > LAST_LINES && said.shift());
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('PREFECT_'));
  const env = {
    ...Object.fromEntries(own),
    PREFECT_HOME: home,
    PREFECT_SERVER_ANALYTICS_ENABLED: 'false',
    DO_NOT_TRACK: '1',
    ...(postgres ? { PREFECT_API_DATABASE_CONNECTION_URL: postgres.url } : {}),
  };
  const start = ['server', 'start', '--host', '127.0.0.1', '--port', port, '--no-ui'];
  const args = ['-m', 'prefect', ...start];
  const program = await spawnGuarded({
    command: python,
    args,
    env,
    cwd: home,
    onStdout: keep,
    onStderr: keep,
  });
  atTheEnd(async () => void (await program.end()));
  const gone = program.exited.then(() => {
    throw new Error(`Prefect's server ended by itself:\n${said.join('\n')}`);
  });
  const url = `http://127.0.0.1:${port}/api`;
  await Promise.race([untilAnswers(url, said), gone]);
  gone.catch(() => {});
  const { stdout } = await run(python, ['-m', 'prefect', '--version'], { env });
  const database = postgres?.version ?? 'SQLite (no Postgres here), hence with one claimer only';
  const what = `Prefect ${stdout.trim()}, ${database}`;
  return { name: 'Prefect', what, url, isSingleWriter: postgres === undefined };
}

async function untilAnswers(url: string, said: readonly string[]): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const answer = await fetch(`${url}/health`).catch(() => undefined);
    if (answer?.ok) return;
    if (performance.now() > deadline) throw new Error(`no answer from ${url}:\n${said.join('\n')}`);
    await delay(200);
  }
}
