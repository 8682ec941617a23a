import { ApiError, type Client } from '../../client/index.ts';
import { isScheduled, STATE_NAME } from '../../model/runs/state.ts';
import { fromIso, SECOND } from '../../model/values/instant.ts';
import { type Calls, FAULTS_AT_MOST } from '../calls.ts';
import type { Loaded } from '../child/child-messages.ts';
import { LEVEL } from '../logs/log-line.ts';
import type { LogShipper } from '../logs/log-shipper.ts';
import type { Claim, State } from '../wire.ts';

interface PolicyOptions {
  readonly client: Client;
  readonly calls: Calls;
  readonly logs: LogShipper;
}

/**
 * Sends the flow's retry options to the server as the run's policy, unless the run already has one.
 * Returns true if nothing is left to send. Rejects with the signal's reason when it is aborted.
 */
export async function tellPolicy(
  { client, calls, logs }: PolicyOptions,
  { flow_run, claim_token }: Claim,
  { retries, retryDelaySeconds }: Loaded,
  signal: AbortSignal,
): Promise<boolean> {
  if (retries === 0 || flow_run.empirical_policy.retries !== null) return true;
  const request = {
    id: flow_run.id,
    body: { empirical_policy: { retries, retry_delay: retryDelaySeconds } },
    headers: { 'Dibs-Claim-Token': claim_token },
    signal,
  };
  try {
    await calls.untilAnswered(() => client.updateFlowRun(request), signal, {
      faultsAtMost: FAULTS_AT_MOST,
      onlyRefusals: true,
    });
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const message = `The run will not be retried: ${error.message}`;
    logs.add({ runId: flow_run.id, name: 'dibs.agent', level: LEVEL.warning, message });
    return false;
  }
}

/** True if the server grants a retry, for which this agent keeps the run. */
export function isRetry(state: State): boolean {
  return isScheduled(state.type) && state.name === STATE_NAME.awaitingRetry;
}

/**
 * Milliseconds until the retry, as the difference of two server times: our clock does not matter.
 */
export function durationToRetry({ timestamp, state_details }: State): number {
  const from = fromIso(timestamp);
  const to = fromIso(state_details.scheduled_time ?? '');
  if (from === undefined || to === undefined) return 0;
  return Math.max(0, ((to - from) / SECOND) * 1_000);
}
