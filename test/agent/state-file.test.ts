import { randomUUID } from 'node:crypto';
import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStateFile } from '../../agent/session/state-file.ts';
import { stateDirectory } from './test-agent.ts';

const modeOf = (path: string) => statSync(path).mode & 0o777;

test('the state file is for its owner alone, and so is its directory', async () => {
  using stateDir = stateDirectory();
  chmodSync(stateDir.path, 0o777);
  const onFault = (path: string, reason: string) => expect.fail(`${path}: ${reason}`);
  const options = { stateDir: stateDir.path, url: 'u', pool: 'p', name: 'n', onFault };
  const before = process.umask(0);
  try {
    const file = await openStateFile(options);
    file?.write([randomUUID()]);
    const [name = ''] = readdirSync(stateDir.path);
    const directory = join(stateDir.path, name);
    expect(modeOf(directory)).toBe(0o700);
    expect(modeOf(join(directory, 'sessions.json'))).toBe(0o600);
    file?.release();
  } finally {
    process.umask(before);
  }
});
