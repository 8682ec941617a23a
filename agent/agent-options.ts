import { availableParallelism } from 'node:os';
import { NUMBERS } from '../model/values/numbers.ts';
import type { AgentEvent } from './events.ts';

export interface AgentOptions {
  /** As `PREFECT_API_URL`: `http://127.0.0.1:4200/api`. */
  readonly url: string;
  readonly pool: string;
  /** Default: all queues of the pool. */
  readonly queues?: readonly string[];
  /** Runs at once, 1 to 1,000. Default: the number of cores. */
  readonly limit?: number;
  /** Default: `<hostname>-<6 random characters>`. A name that is taken gets a suffix. */
  readonly name?: string;
  /**
   * Where an agent with a `name` of its own keeps which session it has, so that it gets its name back
   * after it was killed. Default: `dibs` in `XDG_STATE_HOME`, else in `~/.local/state`.
   */
  readonly stateDir?: string;
  /**
   * After `stop`: runs that have not ended within so many seconds are given back, and executed by another
   * agent from their beginning. Default: what runs may finish.
   */
  readonly drainSeconds?: number;
  /** `ECS_AGENT_URI` of a container of Amazon ECS: its task is spared while it holds runs. */
  readonly ecsAgentUri?: string;
  /** Called with each event. It must not throw. */
  readonly onEvent?: (event: AgentEvent) => void;
  /** In [0, 1): spreads polls and retries. */
  readonly random?: () => number;
}

/** How many runs at once. Throws RangeError for a limit no agent can have. */
export function limitOf({ limit = availableParallelism() }: AgentOptions): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= NUMBERS.runsPerSession) return limit;
  throw new RangeError(`An agent runs 1 to ${NUMBERS.runsPerSession} runs at once, not ${limit}.`);
}
