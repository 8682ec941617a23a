import { setState } from '../../core/proposals/set-state.ts';
import type { Handle } from '../http/http.ts';
import { orchestrationResultShape } from './outcome-shape.ts';
import { stateWish } from './state-wish.ts';

export const handleSetState: Handle<'setState'> = async (context, { path, body, identity }) => {
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
};
