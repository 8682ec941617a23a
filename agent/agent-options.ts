import { availableParallelism } from 'node:os';
import { NUMBERS } from '../model/values/numbers.ts';
import type { AgentEvent } from './events.ts';

export interface AgentOptions {
  /** The address of the API, as in `PREFECT_API_URL`: `http://127.0.0.1:4200/api`. */
  readonly url: string;
  readonly pool: string;
  /** Default: all queues of the pool. */
  readonly queues?: readonly string[];
  /** The most runs to execute at once, 1 to 1,000. Default: the number of cores. */
  readonly limit?: number;
  /**
   * Default: `<hostname>-<6 random characters>`. If another live agent has the name, this agent
   * adds a suffix to it.
   */
  readonly name?: string;
  /**
   * Directory in which an agent with a given `name` stores its session id, so that it gets its name
   * back after it was killed. Default: `dibs` in `XDG_STATE_HOME`, else in `~/.local/state`.
   */
  readonly stateDir?: string;
  /**
   * Runs that have not ended this many seconds after `stop` are given back, and another agent
   * executes them from their beginning. Default: all runs may finish.
   */
  readonly drainSeconds?: number;
  /**
   * `ECS_AGENT_URI` of an Amazon ECS container. ECS then does not stop the task while it holds
   * runs.
   */
  readonly ecsAgentUri?: string;
  /** The time-out of one request, in milliseconds. Default: 30,000. */
  readonly timeoutMs?: number;
  /** Called with each event. It must not throw. */
  readonly onEvent?: (event: AgentEvent) => void;
  /**
   * Returns a number in [0, 1), which spreads polls and retries over time. Default: Math.random.
   */
  readonly random?: () => number;
}

/**
 * The most runs that the agent executes at once.
 * @throws RangeError for a limit that no agent can have
 */
export function limitOf({ limit = availableParallelism() }: AgentOptions): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= NUMBERS.runsPerSession) return limit;
  throw new RangeError(`An agent runs 1 to ${NUMBERS.runsPerSession} runs at once, not ${limit}.`);
}

/** The client's option for the time-out, if there is one. */
export function timeoutOf({ timeoutMs }: AgentOptions): { readonly timeoutMs?: number } {
  return timeoutMs === undefined ? {} : { timeoutMs };
}
