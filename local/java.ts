import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { UserError } from './user-error.ts';

/** DynamoDB Local 3 is compiled for Java 17. */
const OLDEST_JAVA = 17;

/**
 * The path of a Java that can run DynamoDB Local: the one in `JAVA_HOME` if that is set, else the
 * one on `PATH`.
 * @throws UserError that says what was found instead, and how to install Java
 */
export async function findJava(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const { JAVA_HOME: home } = env;
  const java = home ? join(home, 'bin', 'java') : 'java';
  const version = await javaVersion(java, env);
  const place = home ? `JAVA_HOME (${home})` : 'PATH';
  if (version === undefined) throw needsJava(`found none in ${place}`);
  if (version < OLDEST_JAVA) throw needsJava(`found Java ${version} in ${place}`);
  return java;
}

/** The major version in the output of `java -version`: 17 for `"17.0.15"`, 8 for `"1.8.0_292"`. */
export function parseJavaVersion(output: string): number | undefined {
  const found = /version "(?:1\.)?(\d+)/.exec(output)?.[1];
  return found === undefined ? undefined : Number(found);
}

/**
 * undefined if no Java runs: it is missing, or a stub that only says how to install one (macOS).
 */
function javaVersion(java: string, env: NodeJS.ProcessEnv): Promise<number | undefined> {
  return new Promise((resolve) => {
    execFile(java, ['-version'], { env }, (_error, stdout, stderr) => {
      resolve(parseJavaVersion(stderr + stdout));
    });
  });
}

function needsJava(seen: string): UserError {
  return new UserError(
    `dibs runs DynamoDB Local, which needs Java ${OLDEST_JAVA} or newer; ${seen}. ` +
      'Install one (Debian: apt-get install openjdk-17-jre-headless; macOS: brew install ' +
      'openjdk@17) or set JAVA_HOME.',
  );
}
