import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type GuardedProcess, spawnGuarded } from '../../process/guarded-spawn.ts';
import { processMark } from '../../process/process-mark.ts';
import { parentOf, runScript, untilGone, url } from '../support/processes.ts';
import { tempDirectory } from '../support/temp-directory.ts';

/** Runs shell text; `line` gives what it prints, line by line. */
async function shell(text: string, options: { graceMs?: number } = {}) {
  const lines: string[] = [];
  const waiting: Array<(line: string) => void> = [];
  const program: GuardedProcess = await spawnGuarded({
    command: 'sh',
    args: ['-c', text],
    ...options,
    onStdout: (line) => {
      const waiter = waiting.shift();
      if (waiter) waiter(line);
      else lines.push(line);
    },
  });
  const line = async () => lines.shift() ?? new Promise<string>((resolve) => waiting.push(resolve));
  return { program, line, lines };
}

/** Never ends by itself, and not by SIGTERM. Prints its child's id once the trap is set. */
const STUBBORN = "trap '' TERM; sleep 1000 & echo $!; wait; while :; do sleep 1000; done";

describe('a guarded program', () => {
  it('hands over every line of its output before it counts as ended', async () => {
    const out: string[] = [];
    const err: string[] = [];
    const go = join(tempDirectory(), 'go');
    const untilGo = 'while [ ! -e "$1" ]; do sleep 0.01; done';
    const program = await spawnGuarded({
      command: 'sh',
      args: ['-c', `${untilGo}; seq 1 5000; echo oops >&2; printf last; exit 3`, 'sh', go],
      onStdout: (line) => out.push(line),
      onStderr: (line) => err.push(line),
    });
    // Hold our event loop until all has happened: then the order of the events is up to us.
    const guardian = parentOf(program.pid);
    writeFileSync(go, '');
    while (processMark(guardian) !== undefined);
    expect(await program.exited).toEqual({ code: 3, signal: null });
    expect(out).toHaveLength(5001);
    expect(out.at(-1)).toBe('last');
    expect(err).toEqual(['oops']);
  });

  it('gets its arguments, folder and environment as they were given', async () => {
    const out: string[] = [];
    const { PATH } = process.env;
    const program = await spawnGuarded({
      command: 'sh',
      args: ['-c', 'pwd; echo "$1"; env | grep -c NODE_CHANNEL; echo $ONLY', 'sh', 'a  "b"'],
      cwd: '/',
      env: { PATH, ONLY: 'this', ABSENT: undefined },
      onStdout: (line) => out.push(line),
    });
    await program.exited;
    expect(out).toEqual(['/', 'a  "b"', '0', 'this']);
  });

  it('rejects with the name of a program that is not there', async () => {
    const absent = spawnGuarded({ command: 'no-such-program', args: [] });
    await expect(absent).rejects.toThrow('cannot start no-such-program');
  });

  it('gets signals, as does all it started', async () => {
    const { program, line } = await shell('sleep 1000 & echo $!; wait');
    const sleeper = Number(await line());
    program.kill('SIGHUP');
    expect(await program.exited).toEqual({ code: null, signal: 'SIGHUP' });
    await untilGone(sleeper);
    program.kill('SIGHUP');
  });

  it('takes a directory along when it goes', async () => {
    const folder = join(tempDirectory(), 'of-the-program');
    const program = await spawnGuarded({
      command: 'sh',
      args: ['-c', 'mkdir "$1" && touch "$1/left"', 'sh', folder],
      remove: folder,
    });
    expect(await program.exited).toEqual({ code: 0, signal: null });
    expect(existsSync(folder)).toBe(false);
  });

  it('is ended with SIGKILL when SIGTERM does not do', async () => {
    const { program, line } = await shell(STUBBORN, { graceMs: 50 });
    await line();
    expect(await program.end()).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('takes along what it leaves running', async () => {
    const { program, line } = await shell('sleep 1000 >/dev/null 2>&1 & echo $!; exit 4');
    const sleeper = Number(await line());
    expect(await program.exited).toEqual({ code: 4, signal: null });
    expect(processMark(sleeper)).toBeUndefined();
  });

  it('is ended at once when its guardian is killed', async () => {
    const { program, line } = await shell(STUBBORN);
    await line();
    process.kill(parentOf(program.pid), 'SIGKILL');
    expect(await program.exited).toEqual({ code: null, signal: 'SIGKILL' });
    await untilGone(program.pid);
  });
});

describe('when the process that started it is killed with SIGKILL', () => {
  async function killParentOf(text: string, module = url('process/guarded-spawn.ts')) {
    const parent = runScript(`
      import { spawnGuarded } from '${module}';
      const program = await spawnGuarded({
        command: 'sh',
        args: ['-c', ${JSON.stringify(text)}],
        graceMs: 50,
        onStdout: (line) => console.log(program.pid, line),
      });
    `);
    const [pid, child] = (await parent.stdout.next()).split(' ').map(Number);
    if (!pid || !child) throw new Error('the program printed no id');
    expect(processMark(pid)).toBeDefined();
    const guardian = parentOf(pid);
    parent.child.kill('SIGKILL');
    expect(await parent.ended).toBe('SIGKILL');
    return { pid, child, guardian };
  }

  it.each([
    ['a program', 'sleep 1000 & echo $!; wait'],
    ['a program that ignores SIGTERM', STUBBORN],
  ])('%s, its children and the guardian end too', async (_, text) => {
    const { pid, child, guardian } = await killParentOf(text);
    await Promise.all([pid, child, guardian].map(untilGone));
  });

  it('so does one that was started by the compiled code', async () => {
    const folder = tempDirectory();
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const sources = ['process/guarded-spawn.ts', 'process/guardian.ts'];
    const flags = '--ignoreConfig --target es2024 --module nodenext --types node --skipLibCheck';
    const options = [...flags.split(' '), '--rewriteRelativeImportExtensions', '--outDir', folder];
    execFileSync('node_modules/.bin/tsc', [...options, ...sources]);
    const compiled = pathToFileURL(join(folder, 'guarded-spawn.js')).href;
    const { pid, child, guardian } = await killParentOf('sleep 1000 & echo $!; wait', compiled);
    await Promise.all([pid, child, guardian].map(untilGone));
  });
});
