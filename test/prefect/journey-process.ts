import { fileURLToPath } from 'node:url';
import { expect, type TestContext } from 'vitest';
import { spawnGuarded } from '../../process/guarded-spawn.ts';
import { NoPythonError, type PrefectVersion, prefectPython } from '../../scripts/python-venv.ts';

export const JOURNEYS = fileURLToPath(new URL('./journeys/', import.meta.url));

/** Journeys that run at the same time. Each keeps about one core busy starting Python processes. */
const AT_A_TIME = 2;
/** The time for a journey to print the output of its processes and to end them. */
const GRACE_MS = 10_000;

export interface Journey {
  readonly file: string;
  readonly url: string;
  readonly prefect?: PrefectVersion;
  readonly env?: Readonly<Record<string, string>>;
  /** Default 300, because each call of the CLI takes 4 s on a busy machine. */
  readonly withinSeconds?: number;
}

/**
 * How long each journey took. Journeys wait for each other, so vitest's times include the waiting.
 */
export const secondsOf = new Map<string, number>();

/**
 * Runs a journey. If it fails, the test shows what it printed. If the real Prefect cannot be
 * installed, the test is skipped and says why, except in CI.
 */
export async function goThrough(test: TestContext, journey: Journey): Promise<void> {
  const python = await pythonOrSkip(test, journey.prefect ?? '3.9.1');
  await freePlace();
  const beganAt = performance.now();
  try {
    const said: string[] = [];
    const program = await spawnGuarded({
      command: python,
      args: ['-B', journey.file],
      cwd: JOURNEYS,
      env: { ...environment(), PREFECT_API_URL: journey.url, ...journey.env },
      graceMs: GRACE_MS,
      onStdout: (line) => said.push(line),
      onStderr: (line) => said.push(line),
    });
    test.onTestFinished(async () => void (await program.end()));
    const timer = setTimeout(() => void program.end(), (journey.withinSeconds ?? 300) * 1000);
    const { code, signal } = await program.exited;
    clearTimeout(timer);
    expect(code, `${journey.file} ended with ${signal ?? code}:\n${said.join('\n')}`).toBe(0);
  } finally {
    secondsOf.set(journey.file, (performance.now() - beganAt) / 1000);
    givePlace();
  }
}

async function pythonOrSkip(test: TestContext, version: PrefectVersion): Promise<string> {
  try {
    return await prefectPython(version);
  } catch (error) {
    const { CI, DIBS_REQUIRE_PREFECT } = process.env;
    if (!(error instanceof NoPythonError) || CI || DIBS_REQUIRE_PREFECT === '1') throw error;
    return test.skip(`needs prefect ${version}, which cannot be had here: ${error.message}`);
  }
}

/** The environment of this process, without the user's own settings for Prefect. */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('PREFECT_'));
  return Object.fromEntries(own);
}

let places = AT_A_TIME;
const waiting: (() => void)[] = [];

async function freePlace(): Promise<void> {
  if (places > 0) places--;
  else await new Promise<void>((resolve) => waiting.push(resolve));
}

function givePlace(): void {
  const next = waiting.shift();
  if (next) next();
  else places++;
}
