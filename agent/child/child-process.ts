import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { eachLine } from '../../process/lines.ts';
import { pause } from '../pause.ts';
import { fromChild, type Marked } from './child-channel.ts';
import type { ChildEnd, Loaded, Order, ToChild } from './child-messages.ts';
import { LOG_PIPE, LONGEST_LOG_LINE } from './own-output.ts';

export interface ChildOptions {
  readonly order: Order;
  /** The child's whole environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Called with each line of output. */
  readonly onStdout: (line: string) => void;
  readonly onStderr: (line: string) => void;
  /** Called with each message that the flow logs through its context. */
  readonly onLog: (level: number, message: string) => void;
  /** Called when the flow is loaded. The flow runs once the returned promise resolves. */
  readonly onLoaded: (loaded: Loaded) => Promise<void>;
}

export interface Child {
  readonly pid: number | undefined;
  /** Resolves when the child and all processes in its group are gone. Never rejects. */
  readonly ended: Promise<ChildEnd>;
  /** Asks the child to end, and sends SIGKILL after the grace. */
  end(reason: string, graceMs: number): void;
  /** Sends SIGKILL to the child and to all processes in its group. */
  kill(): void;
}

/**
 * A process that left the group may hold the pipes open forever. When nothing has come for this
 * time, or after so many times in any case, we stop reading.
 */
const LAST_OUTPUT_MS = 1_000;
const LAST_OUTPUT_TIMES = 10;
/** The time between a child's report of its end and its exit. */
const LEAVE_MS = 2_000;

/**
 * The program is beside this file, with the same extension: `.ts` in the repository, `.js` once
 * compiled.
 */
const PROGRAM = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './child.js', import.meta.url),
);

/**
 * Starts one execution of a run in its own process, which leads a process group and cannot outlive
 * this process: see agent/child/child.ts.
 */
export function startChild(options: ChildOptions): Child {
  const child = fork(PROGRAM, {
    env: options.env,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // The last pipes are the lifeline (agent/child/lifeline.ts), to which nothing is ever written,
    // and the flow's log (agent/child/own-output.ts).
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe', 'pipe'],
    // Keeps the terminal's Ctrl-C from the child: the agent decides what it means for the run.
    detached: true,
  });
  // A child that dies may reset the lifeline. The exit event reports the death, so ignore the
  // error.
  child.stdio[4]?.on('error', () => {});
  const marker = randomUUID();
  let said: ChildEnd | undefined;
  let failure: string | undefined;
  let gone = false;

  const tell = (message: ToChild) => {
    const marked: Marked<ToChild> = { marker, message };
    if (child.connected) child.send(marked, () => {});
  };
  const kill = () => {
    // Once the child is gone, another process may get its id.
    if (child.pid !== undefined && !gone) killGroup(child.pid);
  };
  const killIn = (ms: number) => {
    const timer = setTimeout(kill, ms);
    child.once('exit', () => clearTimeout(timer));
  };

  child.on('message', (raw) => {
    const message = fromChild(raw, marker);
    if (message?.type === 'log') options.onLog(message.level, message.message);
    else if (message?.type === 'loaded') {
      options.onLoaded(message).then(() => tell({ type: 'go' }), kill);
    } else if (message?.type === 'end') {
      said = message.end;
      killIn(LEAVE_MS);
    }
  });
  const onLogLine = (line: string) => {
    const message = fromChild(parsed(line), marker);
    if (message?.type === 'log') options.onLog(message.level, message.message);
  };
  const logPipe = (child.stdio as readonly unknown[])[LOG_PIPE] as Readable | undefined;
  const outputs = [child.stdout, child.stderr, logPipe];
  let pieces = 0;
  for (const output of outputs) output?.on('data', () => pieces++);
  const drained = Promise.all([
    child.stdout ? eachLine(child.stdout, options.onStdout) : undefined,
    child.stderr ? eachLine(child.stderr, options.onStderr) : undefined,
    logPipe ? eachLine(logPipe, onLogLine, LONGEST_LOG_LINE) : undefined,
    // The last messages may arrive after the exit event, but never after the disconnect event.
    new Promise((resolve) => child.once('disconnect', resolve)),
  ]);
  const exited = new Promise<Pick<ChildEnd & { type: 'died' }, 'code' | 'signal'>>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.on('error', (error) => {
      if (child.pid !== undefined) return;
      failure = `The run's process cannot be started: ${error.message}`;
      resolve({ code: null, signal: null });
    });
  });
  tell({ type: 'order', order: options.order });

  const ended = exited.then(async ({ code, signal }): Promise<ChildEnd> => {
    if (failure !== undefined) return { type: 'not_loaded', message: failure };
    // Kill the processes that the child left running: no run is responsible for them anymore.
    kill();
    gone = true;
    await lastOutput(drained, () => pieces);
    for (const stream of child.stdio) stream?.destroy();
    return said ?? { type: 'died', code, signal };
  });
  return {
    pid: child.pid,
    ended,
    kill,
    end: (reason, graceMs) => {
      tell({ type: 'abort', reason });
      killIn(graceMs);
    },
  };
}

/** Waits until all output was read, or no more comes. */
async function lastOutput(drained: Promise<unknown>, pieces: () => number): Promise<void> {
  const isRead = drained.then(() => true);
  let before: number | undefined;
  for (let times = 0; times < LAST_OUTPUT_TIMES && pieces() !== before; times++) {
    before = pieces();
    if (await Promise.race([isRead, pause(LAST_OUTPUT_MS).then(() => false)])) return;
    // If this process was busy or frozen, its timers come before what is waiting in the pipes.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group was already gone.
  }
}
