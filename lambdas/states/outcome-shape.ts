import type * as z from 'zod';
import type { OrchestrationResult } from '../../api/states/schemas.ts';
import type { Context } from '../../core/context.ts';
import type { Outcome } from '../../core/proposals/outcome.ts';
import { viewState } from '../../core/runs/view-run.ts';
import { inOrder } from '../../core/states/history.ts';
import { isPending } from '../../model/runs/state.ts';
import { stateShape } from './state-shape.ts';

/** The answer to a proposal, with the state that it led to. */
export async function orchestrationResultShape(
  context: Context,
  runId: string,
  { status, run, reason, seconds, state: outcome }: Outcome,
): Promise<z.output<typeof OrchestrationResult>> {
  const known = run && inOrder(run.states).find(({ id }) => id === outcome.id);
  // As inOrder() does for stored states: a PENDING state also has the time at which the run was
  // due.
  const due = run && isPending(outcome.type) ? run.scheduledAt : undefined;
  const state = known ?? (due === undefined ? outcome : { ...outcome, scheduledAt: due });
  return {
    state: stateShape(runId, await viewState(context, { runId }, state)),
    status,
    details: {
      type: `${status.toLowerCase() as Lowercase<typeof status>}_details`,
      ...(reason === undefined ? {} : { reason }),
      ...(seconds === undefined ? {} : { delay_seconds: seconds }),
    },
  };
}
