import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lockDirectory } from '../../process/directory-lock.ts';
import { processMark } from '../../process/process-mark.ts';
import { runScript, url } from '../support/processes.ts';
import { tempDirectory } from '../support/temp-directory.ts';

/** Takes the lock in another process, extended to a sleeper of its own; gives the sleeper's id. */
async function lockElsewhere(directory: string) {
  const owner = runScript(`
    import { spawn } from 'node:child_process';
    import { lockDirectory } from '${url('process/directory-lock.ts')}';
    const lock = await lockDirectory(${JSON.stringify(directory)});
    const sleeper = spawn('sleep', ['1000'], { stdio: 'ignore' });
    lock.extendTo(sleeper.pid);
    console.log(sleeper.pid);
  `);
  const sleeper = Number(await owner.stdout.next());
  return { owner, sleeper };
}

it('refuses a directory that a living process holds, in one sentence that names both', async () => {
  const directory = tempDirectory();
  const { owner, sleeper } = await lockElsewhere(directory);
  try {
    await expect(lockDirectory(directory)).rejects.toThrow(
      `${directory} is in use by process ${owner.child.pid}.`,
    );
  } finally {
    process.kill(sleeper);
    owner.child.kill('SIGKILL');
  }
});

it('is taken over from a dead owner, once what that one left running is gone', async () => {
  const directory = tempDirectory();
  const { owner, sleeper } = await lockElsewhere(directory);
  owner.child.kill('SIGKILL');
  await owner.ended;
  let isTaken = false;
  const taken = lockDirectory(directory).finally(() => {
    isTaken = true;
  });
  // Nothing but the sleeper makes it wait: without one, this turn of the event loop would do.
  await new Promise((resolve) => setImmediate(resolve));
  expect(isTaken).toBe(false);
  process.kill(sleeper);
  (await taken).release();
  expect(processMark(sleeper)).toBeUndefined();
});

it('is not fooled by another process that got the dead owner’s id', async () => {
  const directory = tempDirectory();
  writeFileSync(join(directory, 'lock'), `${process.pid} long ago\n`);
  (await lockDirectory(directory)).release();
});

it('can be taken by one of many at once', async () => {
  const directory = tempDirectory();
  writeFileSync(join(directory, 'lock'), '999999999 long ago\n');
  const script = `
    import { lockDirectory } from '${url('process/directory-lock.ts')}';
    const taken = await lockDirectory(${JSON.stringify(directory)}).then(() => 'mine', () => 'theirs');
    console.log(taken);
    setInterval(() => {}, 1000);
  `;
  const rivals = [1, 2, 3, 4].map(() => runScript(script));
  const outcomes = await Promise.all(rivals.map(({ stdout }) => stdout.next()));
  for (const { child } of rivals) child.kill('SIGKILL');
  expect(outcomes.toSorted()).toEqual(['mine', 'theirs', 'theirs', 'theirs']);
});

it('leaves nothing behind when released, and is free then', async () => {
  const directory = tempDirectory();
  const first = await lockDirectory(directory);
  first.release();
  expect(readdirSync(directory)).toEqual([]);
  const second = await lockDirectory(directory);
  first.release();
  expect(existsSync(join(directory, 'lock'))).toBe(true);
  second.release();
});
