import type { StateType } from '../../../model/runs/state.ts';
import type { Evidence } from './evidence.ts';
import type { Fingerprint } from './fingerprint.ts';

/** Everything that a demo is judged by when it has ended. Times are milliseconds of one clock. */
export interface Facts {
  readonly planned: readonly PlannedRun[];
  readonly records: readonly RunRecord[];
  /** The attempts at each run according to the server, by the run's id, in order. */
  readonly claims: ReadonlyMap<string, readonly ClaimRecord[]>;
  readonly evidence: readonly Evidence[];
  readonly finishes: readonly Finish[];
  readonly deaths: readonly Death[];
  /** True if the demo had to kill one agent. */
  readonly kill: boolean;
}

/** A run as it was created, and the result that it must have. */
export interface PlannedRun {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  /** The result that the demo computed itself. */
  readonly expected: Fingerprint;
}

/** What the server says about a run when the demo has ended. */
export interface RunRecord {
  readonly id: string;
  readonly stateType: StateType;
  readonly stateName: string;
  readonly message: string | null;
  /** The flow's result. */
  readonly data: unknown;
  /** The holder if the run is claimed, such as `agent-b (killed)`. */
  readonly holder: string | undefined;
}

/** What the server says about one attempt at a run. */
export interface ClaimRecord {
  readonly attempt: number;
  /** The agent's name, or the session id of an agent that the demo does not know. */
  readonly agent: string;
  readonly claimedAt: number;
  /** Null for the current attempt. */
  readonly endedAt: number | null;
  readonly reason: string | null;
}

/** A final state that the server accepted, according to the agent that proposed it. */
export interface Finish {
  readonly runId: string;
  readonly attempt: number;
  readonly agent: string;
}

/** The end of an agent that the demo did not stop. */
export interface Death {
  readonly agent: string;
  /** `killed`, `stopped` or, for example, `exit code 1`. */
  readonly fate: string;
  /** When the demo killed it; otherwise when the demo noticed its end, milliseconds after it. */
  readonly at: number;
  /**
   * When the processes of its runs were gone. Undefined if they lived for longer than the demo
   * waited.
   */
  readonly goneAt: number | undefined;
  readonly byDemo: boolean;
}

export const nameOf = ({ name, id }: PlannedRun): string => `${name} ${id}`;
