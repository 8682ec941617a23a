import type { Context } from '../core/context.ts';
import { handleClaim } from './handlers/claim.ts';
import { handleHeartbeat, handleWorkerHeartbeat } from './handlers/heartbeat.ts';
import { handleWriteLogs } from './handlers/logs.ts';
import {
  handlePollDeployments,
  handlePollWorkPool,
  handlePollWorkQueue,
} from './handlers/polls.ts';
import { handleSetState } from './handlers/set-state.ts';
import { httpHandler } from './http.ts';

/** What agents call, in a steady rhythm: the four routes of the claim, and what
 * Prefect's workers have in their place. */
export const workerApi = (context: Context) =>
  httpHandler(context, {
    claim: handleClaim,
    heartbeat: handleHeartbeat,
    workerHeartbeat: handleWorkerHeartbeat,
    setState: handleSetState,
    writeLogs: handleWriteLogs,
    pollWorkPool: handlePollWorkPool,
    pollWorkQueue: handlePollWorkQueue,
    pollDeployments: handlePollDeployments,
  });
