/**
 * The main part of child.ts: it receives one order over its channel, executes it, reports how it
 * ended, and exits.
 */
import { type Marked, toChild } from './child-channel.ts';
import { executeCommand } from './child-command.ts';
import { executeFlow } from './child-flow.ts';
import type { ChildEnd, FromChild, Order, ToChild } from './child-messages.ts';
import { describeThrown } from './describe-error.ts';
import { writeAtOnce, writeLogLine } from './own-output.ts';

/** Kept here, before the flow can replace it. */
const send = process.send?.bind(process);
const stopping = new AbortController();
let marker: string | undefined;
let go: () => void = () => {};

process.on('message', (raw) => {
  // The first message is from the agent, because no other code has been loaded yet.
  marker ??= (raw as Marked<ToChild>).marker;
  const message = toChild(raw, marker);
  if (message?.type === 'go') go();
  else if (message?.type === 'abort') stopping.abort(new Error(message.reason));
  else if (message?.type === 'order') execute(message.order).then(leave, leaveBroken);
});

async function execute(order: Order): Promise<ChildEnd> {
  try {
    process.chdir(order.cwd);
  } catch {
    return { type: 'not_loaded', message: `The working directory ${order.cwd} cannot be entered.` };
  }
  if (order.type === 'command') return executeCommand(order, stopping.signal);
  // A command inherits both as they are. They would not be like this anymore, once looked at.
  writeAtOnce();
  return executeFlow(order, {
    signal: stopping.signal,
    log,
    loaded: (loaded) =>
      new Promise((resolve) => {
        go = resolve;
        tell({ type: 'loaded', ...loaded });
      }),
  });
}

function log(level: number, message: string): void {
  const marked = toAgent({ type: 'log', level, message });
  if (!writeLogLine(JSON.stringify(marked))) send?.(marked);
}

function leave(end: ChildEnd): void {
  // Timers and sockets that the flow left open must not keep the process alive: the run has ended.
  tell({ type: 'end', end }, () => process.exit(0));
}

function leaveBroken(error: unknown): void {
  const { name, message } = describeThrown(error);
  leave({ type: 'not_loaded', message: `${name}: ${message}` });
}

function tell(message: FromChild, then: () => void = () => {}): void {
  send?.(toAgent(message), undefined, undefined, then);
}

function toAgent(message: FromChild): Marked<FromChild> {
  return { marker: marker ?? '', message };
}
