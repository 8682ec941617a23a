import type { Run, RunState } from '../../model/runs/run.ts';
import type { StateWish } from '../states/proposal.ts';
import type { Identity } from './identity.ts';

/** The answer to a proposal: Prefect's OrchestrationResult. */
export interface Outcome {
  readonly status: 'ACCEPT' | 'REJECT' | 'ABORT' | 'WAIT';
  /** The run as it was read; absent if nothing had to be read. */
  readonly run?: Run;
  /** The state that the run is in, or the state with which this proposal was answered before. */
  readonly state: RunState;
  /** Whether this call wrote a state. */
  readonly wrote: boolean;
  readonly reason?: string;
  readonly seconds?: number;
}

export interface SetState {
  readonly runId: string;
  readonly state: StateWish;
  readonly force: boolean;
  readonly identity: Identity;
  /** If given, the proposal applies only while the run is in the state with this id. */
  readonly onlyFrom?: string;
}
