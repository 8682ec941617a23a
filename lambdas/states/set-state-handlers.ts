import type { setStateRoutes } from '../../api/states/set-state-routes.ts';
import { setState } from '../../core/proposals/set-state.ts';
import type { Handles } from '../http/http.ts';
import { orchestrationResultShape } from './outcome-shape.ts';
import { stateWish } from './state-wish.ts';

export const setStateHandlers = {
  setState: async (context, { path, body, identity }) => {
    const outcome = await setState(context, {
      runId: path.id,
      state: stateWish(body.state),
      force: body.force ?? false,
      identity: { ...identity, claimToken: body.claim_token ?? undefined },
    });
    return {
      status: outcome.wrote ? 201 : 200,
      body: await orchestrationResultShape(context, path.id, outcome),
    };
  },
} satisfies Handles<keyof typeof setStateRoutes>;
