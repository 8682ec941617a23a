import type { Context } from '../core/context.ts';
import { claimHandlers } from './claims/handlers.ts';
import { pollHandlers } from './claims/polls-handlers.ts';
import { httpHandler, type OwnedBy } from './http/http.ts';
import { writeLogsHandlers } from './logs/write-handlers.ts';
import { sessionHandlers } from './sessions/handlers.ts';
import { setStateHandlers } from './states/set-state-handlers.ts';

/**
 * The API for agents and workers, which call it all the time: claims, heartbeats, states and logs.
 */
export const workerApi = (context: Context) =>
  httpHandler<OwnedBy<'worker'>>(context, {
    ...claimHandlers,
    ...pollHandlers,
    ...writeLogsHandlers,
    ...sessionHandlers,
    ...setStateHandlers,
  });
