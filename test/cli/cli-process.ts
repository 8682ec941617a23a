import { hostname, userInfo } from 'node:os';
import { runNode } from '../support/processes.ts';

/** Who the command line says operates, where nothing else is said. */
export const ME = `${userInfo().username}@${hostname()}`;

/** The same, to be read while it goes on. */
export const startDibs = (url: string, args: readonly string[], nodeArgs: readonly string[] = []) =>
  runNode([...nodeArgs, 'cli/main.ts', ...args], { DIBS_API_URL: url, NO_COLOR: '1' });

/** `dibs …`, as a process of its own, at this API. */
export async function dibs(url: string, args: readonly string[], nodeArgs: readonly string[] = []) {
  const { ended, stdout, stderr } = startDibs(url, args, nodeArgs);
  const [code, out, err] = await Promise.all([ended, stdout.rest(), stderr.rest()]);
  return { code, out, err };
}
