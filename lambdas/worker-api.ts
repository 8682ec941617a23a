import type { Context } from '../core/context.ts';
import { handleClaim } from './claims/handlers.ts';
import {
  handlePollDeployments,
  handlePollWorkPool,
  handlePollWorkQueue,
} from './claims/poll-handlers.ts';
import { httpHandler } from './http/http.ts';
import { handleWriteLogs } from './logs/handlers.ts';
import { handleHeartbeat, handleWorkerHeartbeat } from './sessions/handlers.ts';
import { handleSetState } from './states/handlers.ts';

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
