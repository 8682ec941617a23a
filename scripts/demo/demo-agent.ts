import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentEvent } from '../../agent/events.ts';
import { type Exit, spawnGuarded } from '../../process/guarded-spawn.ts';
import { processMark } from '../../process/process-mark.ts';
import { AGENT_VARIABLE } from './proof/evidence.ts';
import type { Death, Finish } from './proof/facts.ts';

/** One `dibs agent start`, in its own process, which cannot outlive this one. */
export interface DemoAgent {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the agent polls. Rejects if it ends by itself before. */
  readonly ready: Promise<void>;
  readonly lives: boolean;
  /** `running`, or how it ended: `killed`, `stopped`, `exit code 1`, or `ENDED_WITH_DEMO`. */
  readonly fate: string;
  /** The runs that the agent brought to a final state, according to its own events. */
  readonly finishes: readonly Finish[];
  /** Undefined while the agent lives, and if the demo stopped it. */
  readonly death: Death | undefined;
  /** Resolves when the agent and its runs' processes are gone. */
  readonly gone: Promise<void>;
  hasSession(id: string): boolean;
  /** Sends SIGKILL to the agent's process only, as a person would. */
  kill(): void;
  /** Lets the agent's runs end. Resolves when the agent and its runs' processes are gone. */
  stop(): Promise<void>;
  /** Like `stop`, but kills the agent's runs. */
  stopNow(): Promise<void>;
}

export interface AgentToStart {
  readonly name: string;
  readonly pool: string;
  readonly limit: number;
  readonly url: string;
  /**
   * Directory for the agent's session file and for the compiled code that its runs' processes
   * share.
   */
  readonly directory: string;
  /** Called as soon as the agent has started to execute a run. */
  readonly onRunStarted: (agent: Pick<DemoAgent, 'kill'>) => void;
}

/** The fate of an agent that the demo stopped at its end. */
export const ENDED_WITH_DEMO = 'ended with the demo';

const CLI = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
/** The number of lines that are kept from an agent that cannot start. */
const SAID_LINES = 12;
const GRACE_MS = 15_000;
/**
 * When an agent is killed, its runs' processes end within milliseconds. This is the longest wait.
 */
const ORPHANS_MS = 5_000;

export async function startDemoAgent(options: AgentToStart): Promise<DemoAgent> {
  const { name, pool, limit, url } = options;
  const sessions = new Set<string>();
  /** The process ids of the runs that the agent has not finished, by run id. */
  const runPids = new Map<string, number | undefined>();
  const opened = Promise.withResolvers<void>();
  // The rejection may come before anyone awaits the promise, so mark it as handled.
  opened.promise.catch(() => {});
  const finishes: Finish[] = [];
  let exit: Exit | undefined;
  let endedByUs = false;
  let killedAt: number | undefined;
  let goneAt: number | undefined;
  let exitedAt = 0;
  const said: string[] = [];
  const hear = (event: AgentEvent) => {
    if (event.type === 'session_opened') {
      sessions.add(event.sessionId);
      opened.resolve();
    }
    if (event.type === 'run_started') {
      runPids.set(event.runId, event.pid);
      options.onRunStarted({ kill });
    }
    if (event.type !== 'run_finished') return;
    runPids.delete(event.runId);
    finishes.push({ runId: event.runId, attempt: event.attempt, agent: name });
  };
  const agent = await spawnGuarded({
    command: process.execPath,
    args: [CLI, 'agent', 'start', '--json', '--url', url, '--pool', pool]
      .concat(['--limit', String(limit)])
      .concat(['--name', name]),
    env: {
      ...process.env,
      [AGENT_VARIABLE]: name,
      NODE_COMPILE_CACHE: join(options.directory, 'compile-cache'),
      XDG_STATE_HOME: join(options.directory, 'state'),
    },
    onStdout: (line) => {
      const event = parse(line);
      if (event) hear(event);
    },
    onStderr: (line) => {
      if (said.length < SAID_LINES) said.push(line);
    },
    graceMs: GRACE_MS,
  });
  function kill(): void {
    killedAt ??= Date.now();
    try {
      process.kill(agent.pid, 'SIGKILL');
    } catch {
      // The agent has ended by itself, and `fate` says how.
    }
  }
  const gone = agent.exited.then(async (ended) => {
    exit = ended;
    exitedAt = Date.now();
    // An agent that was killed is no error, because killing is part of the demo.
    if (ended.signal || ended.code === 0) opened.resolve();
    else opened.reject(new Error(`${name} ended at its start: ${said.join('\n')}`));
    if (await areGoneWithin(ORPHANS_MS, runPids.values())) goneAt = Date.now();
  });
  const stop = async () => {
    endedByUs ||= exit === undefined;
    await agent.end();
    await gone;
  };
  const fate = () => (endedByUs ? ENDED_WITH_DEMO : fateOf(exit));
  return {
    name,
    pid: agent.pid,
    ready: opened.promise,
    get lives() {
      return exit === undefined;
    },
    get fate() {
      return fate();
    },
    finishes,
    get death() {
      if (!exit || endedByUs) return undefined;
      const byDemo = killedAt !== undefined;
      return { agent: name, fate: fate(), at: killedAt ?? exitedAt, goneAt, byDemo };
    },
    gone,
    hasSession: (id) => sessions.has(id),
    kill,
    stop,
    stopNow: async () => {
      // The second signal stops the agent at once: it is the SIGTERM that `end` sends. The first
      // must be another signal, because two equal signals at the same time count as one.
      agent.kill('SIGINT');
      await stop();
    },
  };
}

async function areGoneWithin(ms: number, pids: Iterable<number | undefined>): Promise<boolean> {
  const deadline = performance.now() + ms;
  for (const pid of pids) {
    while (pid !== undefined && processMark(pid) !== undefined) {
      if (performance.now() > deadline) return false;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  return true;
}

/** Parses a line of events. The last line of a killed agent may be incomplete. */
function parse(line: string): AgentEvent | undefined {
  try {
    return JSON.parse(line) as AgentEvent;
  } catch {
    return undefined;
  }
}

function fateOf(exit: Exit | undefined): string {
  if (!exit) return 'running';
  if (exit.signal) return 'killed';
  return exit.code === 0 ? 'stopped' : `exit code ${exit.code}`;
}
