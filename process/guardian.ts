/**
 * A program, not a module: guarded-spawn.ts runs it. It starts one program in its own process
 * group, and lives as long as that group. When the channel to its parent closes, for whatever
 * reason, it ends the group. It imports no other file, so that it starts fast and stays small.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import type { FromGuardian, ToGuardian } from './guardian-messages.ts';

/** The time between two checks of a dying group. */
const LOOK_MS = 20;
/**
 * SIGKILL takes effect at once, except on a process that the kernel holds. Then the guardian gives
 * up.
 */
const AFTER_SIGKILL_MS = 1_000;

let program: ChildProcess | undefined;
let graceMs = 0;
let remove: string | undefined;
let ending: Promise<void> | undefined;

process.on('message', (message: ToGuardian) => {
  if (message.type === 'start') start(message);
  else if (message.type === 'kill') signalGroup(message.signal);
  else void endGroup();
});
process.on('disconnect', endAndLeave);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, endAndLeave);

function start(order: Extract<ToGuardian, { type: 'start' }>): void {
  graceMs = order.graceMs;
  remove = order.remove;
  program = spawn(order.command, order.args, {
    cwd: order.cwd,
    env: order.env,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  program.once('error', (error) => {
    if (program?.pid !== undefined) return;
    tell({ type: 'failed', reason: `cannot start ${order.command}: ${error.message}` }, leave);
  });
  program.once('spawn', () => tell({ type: 'started', pid: program?.pid ?? 0 }));
  program.once('exit', async (code, signal) => {
    // End the processes that the program left running: otherwise they would run unguarded.
    await endGroup();
    tell({ type: 'exited', code, signal }, leave);
  });
}

function endAndLeave(): void {
  endGroup().then(leave, leave);
}

function endGroup(): Promise<void> {
  ending ??= (async () => {
    signalGroup('SIGTERM');
    if (await groupIsGoneWithin(graceMs)) return;
    signalGroup('SIGKILL');
    await groupIsGoneWithin(AFTER_SIGKILL_MS);
  })();
  return ending;
}

async function groupIsGoneWithin(ms: number): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (signalGroup(0) && !hasOnlyZombies()) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return true;
}

/** Sends a signal to the group. Returns false if the group has no processes. */
function signalGroup(signal: NodeJS.Signals | 0): boolean {
  if (program?.pid === undefined) return false;
  try {
    return process.kill(-program.pid, signal);
  } catch {
    return false;
  }
}

/**
 * True if only zombies are left in the group. A zombie keeps its group's number in use until it is
 * reaped. In a container whose first process is not an init process, that never happens. So the
 * processes of the group are checked one by one, if there is a /proc.
 */
function hasOnlyZombies(): boolean {
  try {
    return readdirSync('/proc').every((name) => !/^\d+$/.test(name) || !isMember(name));
  } catch {
    return false;
  }
}

function isMember(pid: string): boolean {
  try {
    // The fields after the command, whose name may contain anything: state, parent, group.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, , group] = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
    return Number(group) === program?.pid && state !== 'Z';
  } catch {
    return false;
  }
}

function tell(message: FromGuardian, then: () => void = () => {}): void {
  if (process.connected) process.send?.(message, undefined, undefined, then);
  else then();
}

function leave(): void {
  if (remove !== undefined) rmSync(remove, { recursive: true, force: true });
  process.exit(0);
}
