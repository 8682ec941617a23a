import type { StateType } from '../model/runs/state.ts';

/** The parameters do not fit the flow's schema. The message lists each mismatch. */
export class InvalidParametersError extends Error {
  override readonly name = 'InvalidParametersError';
}

/** The awaited run ended in another state than COMPLETED. */
export class RunFailedError extends Error {
  override readonly name = 'RunFailedError';
  readonly runId: string;
  readonly stateType: StateType;
  readonly stateName: string;
  /** The message of the run's last state, or null if it has none. */
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

/** The run did not end within the given time. It continues. */
export class WaitTimeoutError extends Error {
  override readonly name = 'WaitTimeoutError';
  readonly runId: string;

  constructor(runId: string, timeoutSeconds: number, stateName: string) {
    super(`Run ${runId} is still ${stateName} after ${timeoutSeconds} s; it continues.`);
    this.runId = runId;
  }
}
