import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import type { ChildEnd, Order } from './child-messages.ts';
import { startFault } from './describe-error.ts';

/**
 * Runs a command through the shell, in our own process group, with our environment and output.
 * The signal sends SIGTERM to the whole group; what does not end then, the agent kills.
 */
export async function executeCommand(
  order: Extract<Order, { type: 'command' }>,
  signal: AbortSignal,
): Promise<ChildEnd> {
  // The group's SIGTERM reaches us, too, and we stay to tell how the command ended.
  process.on('SIGTERM', () => {});
  let shell: ChildProcessByStdio<Writable, null, null>;
  try {
    shell = spawn(order.command, { shell: true, stdio: ['pipe', 'inherit', 'inherit'] });
  } catch (error) {
    return notStarted(error);
  }
  signal.addEventListener('abort', () => process.kill(-process.pid, 'SIGTERM'));
  // A command that does not read its input closes it: that is its right.
  shell.stdin.on('error', () => {});
  shell.stdin.end(order.stdin);
  return new Promise((resolve) => {
    shell.once('error', (error) => resolve(notStarted(error)));
    shell.once('exit', (code, killedBy) => resolve({ type: 'exited', code, signal: killedBy }));
  });
}

function notStarted(error: unknown): ChildEnd {
  return { type: 'not_loaded', message: `The shell cannot be started: ${startFault(error)}` };
}
