import type { StateType } from '../../model/runs/state.ts';
import type { Evidence } from './evidence.ts';
import type { Fingerprint } from './fingerprint.ts';

/** All that a demo which has ended is judged by. Times are of one clock, in milliseconds. */
export interface Facts {
  readonly planned: readonly PlannedRun[];
  readonly records: readonly RunRecord[];
  /** Of each run, by its id: the attempts at it as the server tells them, first one first. */
  readonly claims: ReadonlyMap<string, readonly ClaimRecord[]>;
  readonly evidence: readonly Evidence[];
  readonly finishes: readonly Finish[];
  readonly deaths: readonly Death[];
  /** The demo was to kill one agent. */
  readonly kill: boolean;
}

/** A run as it was asked for, and what must come out of it. */
export interface PlannedRun {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  /** Computed by the demo itself, not by a run. */
  readonly expected: Fingerprint;
}

/** What the server says of a run in the end. */
export interface RunRecord {
  readonly id: string;
  readonly stateType: StateType;
  readonly stateName: string;
  readonly message: string | null;
  /** What the flow returned. */
  readonly data: unknown;
  /** `agent-b (killed)`, if the run is claimed. */
  readonly holder: string | undefined;
}

/** What the server says of one attempt at a run. */
export interface ClaimRecord {
  readonly attempt: number;
  /** The agent's name; of an agent that the demo does not know, its session. */
  readonly agent: string;
  readonly claimedAt: number;
  /** null: it is the current one. */
  readonly endedAt: number | null;
  readonly reason: string | null;
}

/** A final state that the server accepted, by the word of the agent that proposed it. */
export interface Finish {
  readonly runId: string;
  readonly attempt: number;
  readonly agent: string;
}

/** The end of an agent that the demo did not ask to stop. */
export interface Death {
  readonly agent: string;
  /** `killed`, `stopped`, `exit code 1` */
  readonly fate: string;
  /** When it was killed; if not by the demo, when its end was noticed, milliseconds later. */
  readonly at: number;
  /** No process of its runs lived any more. Undefined: they did, for longer than we looked. */
  readonly goneAt: number | undefined;
  readonly byDemo: boolean;
}

export const nameOf = ({ name, id }: PlannedRun): string => `${name} ${id}`;
