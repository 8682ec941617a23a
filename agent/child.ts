/**
 * A program, not a module: child-process.ts starts one per execution of a run, as the leader of a
 * process group of its own. It gets one order over its channel, executes it, says how it ended, and
 * leaves. When the agent is gone, however it died, the whole group is ended.
 */
import { executeCommand } from './child-command.ts';
import { executeFlow } from './child-flow.ts';
import type { ChildEnd, FromChild, ToChild } from './child-messages.ts';

const stopping = new AbortController();
let go: () => void = () => {};

process.on('disconnect', () => process.kill(-process.pid, 'SIGKILL'));
process.on('message', (message: ToChild) => {
  if (message.type === 'go') go();
  else if (message.type === 'abort') stopping.abort(new Error(message.reason));
  else
    execute(message).then(leave, (error) => leave({ type: 'not_loaded', message: String(error) }));
});

async function execute({ order }: Extract<ToChild, { type: 'order' }>): Promise<ChildEnd> {
  try {
    process.chdir(order.cwd);
  } catch {
    return { type: 'not_loaded', message: `The working directory ${order.cwd} cannot be entered.` };
  }
  if (order.type === 'command') return executeCommand(order, stopping.signal);
  return executeFlow(order, {
    signal: stopping.signal,
    log: (level, message) => tell({ type: 'log', level, message }),
    loaded: (loaded) =>
      new Promise((resolve) => {
        go = resolve;
        tell({ type: 'loaded', ...loaded });
      }),
  });
}

function leave(end: ChildEnd): void {
  // Whatever the flow left open (timers, sockets) must not keep the process: the run has ended.
  tell({ type: 'end', end }, () => process.exit(0));
}

function tell(message: FromChild, then: () => void = () => {}): void {
  process.send?.(message, undefined, undefined, then);
}
