import { inOrder } from '../../core/history.ts';
import { setState } from '../../core/set-state.ts';
import { viewState } from '../../core/view-run.ts';
import type { Handle } from '../http.ts';
import { stateShape } from '../shapes/state.ts';
import { stateWish } from '../state-wish.ts';

export const handleSetState: Handle<'setState'> = async (context, { path, body, identity }) => {
  const runId = path.id;
  const outcome = await setState(context, {
    runId,
    state: stateWish(body.state),
    force: body.force ?? false,
    identity: { ...identity, claimToken: body.claim_token ?? undefined },
  });
  const { status, run, reason, seconds, wrote } = outcome;
  const known = run && inOrder(run.states).find(({ id }) => id === outcome.state.id);
  const state = known ?? outcome.state;
  return {
    status: wrote ? 201 : 200,
    body: {
      state: stateShape(runId, await viewState(context, runId, state)),
      status,
      details: {
        type: `${status.toLowerCase() as Lowercase<typeof status>}_details`,
        ...(reason === undefined ? {} : { reason }),
        ...(seconds === undefined ? {} : { delay_seconds: seconds }),
      },
    },
  };
};
