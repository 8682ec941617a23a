import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findJava, parseJavaVersion } from '../../local/java.ts';
import { UserError } from '../../local/user-error.ts';
import { tempDirectory } from '../support/temp-directory.ts';

/** A folder with a `bin/java` that prints this as real ones do, and ends with this code. */
function fakeJava(output: string, code = 0): string {
  const home = tempDirectory();
  mkdirSync(join(home, 'bin'));
  const java = join(home, 'bin', 'java');
  writeFileSync(java, `#!/bin/sh\nprintf '%s\\n' '${output}' >&2\nexit ${code}\n`);
  chmodSync(java, 0o755);
  return home;
}

async function refusal(env: NodeJS.ProcessEnv): Promise<string> {
  const error = await findJava(env).catch((caught) => caught);
  expect(error).toBeInstanceOf(UserError);
  expect(error.message.split('\n')).toHaveLength(1);
  return error.message;
}

it('takes the Java of JAVA_HOME before the one on PATH', async () => {
  const home = fakeJava('openjdk version "21" 2023-09-19');
  const old = fakeJava('java version "1.8.0_292"');
  expect(await findJava({ JAVA_HOME: home, PATH: join(old, 'bin') })).toBe(join(home, 'bin/java'));
});

it('takes the Java on PATH when JAVA_HOME is not set', async () => {
  const home = fakeJava('openjdk version "17.0.15" 2025-04-15');
  expect(await findJava({ PATH: join(home, 'bin') })).toBe('java');
});

it('says what was found and what to install when there is no Java', async () => {
  expect(await refusal({ PATH: '/nowhere' })).toBe(
    'dibs runs DynamoDB Local, which needs Java 17 or newer; found none in PATH. Install one ' +
      '(Debian: apt-get install openjdk-17-jre-headless; macOS: brew install openjdk@17) or set ' +
      'JAVA_HOME.',
  );
});

it('says which Java was too old', async () => {
  const home = fakeJava('openjdk version "11.0.2" 2019-01-15');
  expect(await refusal({ PATH: join(home, 'bin') })).toContain('; found Java 11 in PATH.');
});

it('says that JAVA_HOME holds none', async () => {
  expect(await refusal({ JAVA_HOME: '/nope' })).toContain('; found none in JAVA_HOME (/nope).');
});

it('takes a stub that only tells how to install Java for none', async () => {
  const home = fakeJava('Unable to locate a Java Runtime', 1);
  expect(await refusal({ PATH: join(home, 'bin') })).toContain('found none in PATH');
});

it.each([
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['Picked up JAVA_TOOL_OPTIONS: -Dx\njava version "1.8.0_292"', 8],
  ['openjdk version "25-ea" 2025-09-16', 25],
  ['sh: java: not found', undefined],
])('reads the version in %j', (output, version) => {
  expect(parseJavaVersion(output)).toBe(version);
});
