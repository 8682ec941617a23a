import { hostname, userInfo } from 'node:os';
import { runNode } from '../support/processes.ts';

/** The name of the operator that the command line uses by default. */
export const ME = `${userInfo().username}@${hostname()}`;

/** Starts `dibs …` in its own process, whose output can be read while it runs. */
export const startDibs = (url: string, args: readonly string[], nodeArgs: readonly string[] = []) =>
  runNode([...nodeArgs, 'cli/main.ts', ...args], { DIBS_API_URL: url, NO_COLOR: '1' });

/** Runs `dibs …` in its own process with the API at this address, and returns its output. */
export async function dibs(url: string, args: readonly string[], nodeArgs: readonly string[] = []) {
  const { ended, stdout, stderr } = startDibs(url, args, nodeArgs);
  const [code, out, err] = await Promise.all([ended, stdout.rest(), stderr.rest()]);
  return { code, out, err };
}
