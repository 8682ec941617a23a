import { execFile, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What no build needs; node_modules is linked instead. */
const NOT_COPIED = new Set(['node_modules', '.git', '.dibs', 'dist', 'coverage']);

/** The package as npm packs it, installed in a folder that had nothing. */
export interface InstalledPackage {
  readonly folder: string;
  /** Paths of what the tarball holds. */
  readonly files: readonly string[];
  /** Runs a command to its end in the folder; gives its standard output. */
  run(command: string, ...args: string[]): Promise<string>;
  /** Starts one, and gives its first line of standard output that fits. */
  start(fits: RegExp, command: string, ...args: string[]): Promise<{ line: string } & Running>;
  remove(): void;
}

export interface Running {
  /** Ends it as Ctrl-C in its terminal would, and waits. */
  end(): Promise<void>;
}

/** Packs a copy: other tests run bin/dibs.js, which takes a dist/ as soon as there is one. */
export async function installPackage(env: NodeJS.ProcessEnv = {}): Promise<InstalledPackage> {
  const home = mkdtempSync(join(tmpdir(), 'dibs-package-'));
  const copy = join(home, 'repository');
  const folder = mkdtempSync(join(home, 'user-'));
  cpSync(ROOT, copy, { recursive: true, filter: (path) => !NOT_COPIED.has(basename(path)) });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const options = { cwd: folder, env: { ...cleanEnvironment(), ...env } };

  const packed = await execute('npm', ['pack', '--json', '--pack-destination', home], {
    ...options,
    cwd: copy,
  });
  const [tarball] = JSON.parse(packed) as { filename: string; files: { path: string }[] }[];
  if (!tarball) throw new Error(`npm pack said: ${packed}`);
  const run = (command: string, ...args: string[]) => execute(command, args, options);
  await run('npm', 'init', '-y');
  await run('npm', 'pkg', 'set', 'type=module');
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund'];
  await run('npm', 'install', join(home, tarball.filename), ...quiet);
  return {
    folder,
    run,
    files: tarball.files.map(({ path }) => path),
    start: (fits, command, ...args) => start(fits, command, args, options),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** The machine's, not the runner's: behind a proxy that signs for the registry npm gets nothing without it. */
const AUTHORITY = 'NODE_EXTRA_CA_CERTS';

/** This Node first; and nothing of the npm that may run us, or its npm would install in our folder. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => name === AUTHORITY || !/^(npm_|NODE_|VITEST)/i.test(name),
  );
  const env = Object.fromEntries(kept);
  return { ...env, PATH: [dirname(process.execPath), env['PATH']].join(delimiter) };
}

async function execute(command: string, args: string[], options: SpawnOptions): Promise<string> {
  const { cwd, env } = options;
  const { stdout } = await promisify(execFile)(command, args, { cwd, env, encoding: 'utf8' });
  return stdout.trim();
}

async function start(fits: RegExp, command: string, args: string[], options: SpawnOptions) {
  // A process group of its own: npx has a shell between itself and the program.
  const child = spawn(command, args, {
    ...options,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null || !child.pid) return;
    process.kill(-child.pid, 'SIGINT');
    await exited;
  };
  if (!child.stdout) throw new Error('no pipe');
  for await (const line of createInterface({ input: child.stdout })) {
    if (!fits.test(line)) continue;
    child.stdout.resume();
    return { line, end };
  }
  throw new Error(`${command} ${args.join(' ')} ended before it said ${fits}`);
}
