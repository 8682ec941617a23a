/**
 * `pythonWith('ministack')` returns a Python with that tool installed, kept under .dibs/. The first
 * caller creates it with `python3 -m venv` and pip. `node scripts/python-venv.ts 3.9.1 3.8.8
 * 2.20.26 ministack` creates the named ones and prints their paths. A name that is a version means that
 * version of Prefect.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { processMark } from '../process/process-mark.ts';

const PACKAGES = {
  '3.9.1': ['prefect==3.9.1'],
  /** Pinned: 3.8.8 also accepts newer FastAPI and SQLAlchemy, with which its server breaks. */
  '3.8.8': ['prefect==3.8.8', 'fastapi==0.139.*', 'sqlalchemy==2.0.*'],
  '2.20.26': ['prefect==2.20.26'],
  /** An emulator of AWS, on which `cdk deploy` is tested. */
  ministack: ['ministack==1.5.33'],
  /** Makes requests from an OpenAPI document. */
  schemathesis: ['schemathesis==4.*'],
} as const;

type PythonTool = keyof typeof PACKAGES;
export type PrefectVersion = Exclude<PythonTool, 'ministack' | 'schemathesis'>;

/** This machine cannot install the tool. The message says why. */
export class NoPythonError extends Error {
  override readonly name = 'NoPythonError';
}

const ROOT = fileURLToPath(new URL('../.dibs/python/', import.meta.url));
const run = promisify(execFile);

const found = new Map<PythonTool, Promise<string>>();

/** Returns the path of the Python. Throws NoPythonError. */
export function pythonWith(tool: PythonTool): Promise<string> {
  const known = found.get(tool) ?? findOrMake(tool);
  found.set(tool, known);
  return known;
}

export const prefectPython = (version: PrefectVersion): Promise<string> => pythonWith(version);

async function findOrMake(version: PythonTool): Promise<string> {
  const place = join(ROOT, version);
  const python = join(place, 'bin', 'python');
  if (existsSync(python)) return python;
  mkdirSync(ROOT, { recursive: true });
  removeWhatTheDeadLeft();
  // A venv cannot be moved, because its programs contain the path of their Python. So each process
  // makes its own venv, and a link decides atomically whose is used.
  const mine = `${version}.${process.pid}`;
  try {
    await make(join(ROOT, mine), version);
    publish(mine, place);
  } finally {
    if (linkOf(place) !== mine) rmSync(join(ROOT, mine), { recursive: true, force: true });
  }
  return python;
}

async function make(directory: string, version: PythonTool): Promise<void> {
  const python3 = process.env['DIBS_PYTHON'] ?? 'python3';
  await orSay(`${python3} -m venv does not work (Debian: apt-get install python3-venv)`, () =>
    run(python3, ['-m', 'venv', directory]),
  );
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  await orSay(`pip cannot install ${PACKAGES[version].join(' ')}`, () =>
    run(join(directory, 'bin', 'python'), [...pip, ...PACKAGES[version]]),
  );
}

async function orSay(what: string, action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim() || String(error);
    throw new NoPythonError(`${what}: ${said.split('\n').slice(-3).join(' ')}`);
  }
}

/**
 * Of two processes, the first one wins. A link whose Python is gone (after an upgrade) is replaced.
 */
function publish(mine: string, place: string): void {
  if (linkOf(place) && !existsSync(join(place, 'bin', 'python'))) rmSync(place);
  try {
    symlinkSync(mine, place);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function linkOf(place: string): string | undefined {
  try {
    return readlinkSync(place);
  } catch {
    return undefined;
  }
}

/** Removes unlinked venvs, left behind by processes that died while making them. */
function removeWhatTheDeadLeft(): void {
  const names = readdirSync(ROOT);
  const used = new Set(names.map((name) => linkOf(join(ROOT, name))));
  for (const name of names) {
    const maker = Number(/\.(\d+)$/.exec(name)?.[1]);
    const isVenv = linkOf(join(ROOT, name)) === undefined;
    if (!isVenv || used.has(name) || processMark(maker) !== undefined) continue;
    rmSync(join(ROOT, name), { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const version of process.argv.slice(2)) {
    if (!(version in PACKAGES))
      throw new Error(`Expected one of: ${Object.keys(PACKAGES).join(', ')}`);
    console.log(await pythonWith(version as PythonTool));
  }
}
