import type { StateType } from '../model/runs/state.ts';

/** The parameters do not fit the flow's schema; the message tells each finding. */
export class InvalidParametersError extends Error {
  override readonly name = 'InvalidParametersError';
}

/** The run that was waited for ended, but not with COMPLETED. */
export class RunFailedError extends Error {
  override readonly name = 'RunFailedError';
  readonly runId: string;
  readonly stateType: StateType;
  readonly stateName: string;
  /** What the run's last state says; null when it says nothing. */
  readonly stateMessage: string | null;

  constructor(
    run: Readonly<{
      id: string;
      name: string;
      stateType: StateType;
      stateName: string;
      stateMessage: string | null;
    }>,
  ) {
    const reason = run.stateMessage ? `: ${run.stateMessage}` : '';
    super(`Run ${run.name} (${run.id}) ended as ${run.stateName}${reason}`);
    this.runId = run.id;
    this.stateType = run.stateType;
    this.stateName = run.stateName;
    this.stateMessage = run.stateMessage;
  }
}

/** The run has not ended in the time given to wait. It goes on. */
export class WaitTimeoutError extends Error {
  override readonly name = 'WaitTimeoutError';
  readonly runId: string;

  constructor(runId: string, timeoutSeconds: number, stateName: string) {
    super(`Run ${runId} is still ${stateName} after ${timeoutSeconds} s; it goes on.`);
    this.runId = runId;
  }
}
