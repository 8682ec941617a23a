import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import type { ChildEnd, Order } from './child-messages.ts';
import { startFault } from './describe-error.ts';

/**
 * Runs a command through the shell, in this process's group, with its environment and output.
 * Aborting the signal sends SIGTERM to the whole group. The agent kills what does not end then.
 */
export async function executeCommand(
  order: Extract<Order, { type: 'command' }>,
  signal: AbortSignal,
): Promise<ChildEnd> {
  // The group's SIGTERM reaches this process, too. It stays alive to report how the command ended.
  process.on('SIGTERM', () => {});
  let shell: ChildProcessByStdio<Writable, null, null>;
  try {
    shell = spawn(order.command, { shell: true, stdio: ['pipe', 'inherit', 'inherit'] });
  } catch (error) {
    return notStarted(error);
  }
  signal.addEventListener('abort', () => process.kill(-process.pid, 'SIGTERM'));
  // A command may close its input without reading it. That is no error.
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
