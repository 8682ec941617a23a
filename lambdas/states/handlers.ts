import type { statesRoutes } from '../../api/states/routes.ts';
import { resumeRun } from '../../core/proposals/resume-run.ts';
import { findState } from '../../core/queries/find-state.ts';
import { viewWholeState } from '../../core/runs/view-run.ts';
import { findHistory } from '../../core/states/history.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Handles } from '../http/http.ts';
import { historyShape } from './history-shape.ts';
import { orchestrationResultShape } from './outcome-shape.ts';
import { stateShape } from './state-shape.ts';

export const stateHandlers = {
  readFlowRunStates: async (context, { query }) => {
    const history = await findHistory(context, query.flow_run_id);
    // As in Prefect: the list is empty if the run does not exist.
    if (!history) return { status: 200, body: [] };
    return { status: 200, body: await historyShape(context, history) };
  },

  readFlowRunState: async (context, { path }) => {
    const { run, state } = await findState(context, path.id);
    const data = state.data && 'bytes' in state.data ? state.data.bytes : 0;
    const view = await viewWholeState(context, { runId: run.id }, state, NUMBERS.replyBytes - data);
    return { status: 200, body: stateShape(run.id, view, run.parentTaskRunId) };
  },

  resumeFlowRun: async (context, { path, body, identity }) => {
    const input = body?.run_input ?? undefined;
    const outcome = await resumeRun(context, path.id, input, identity);
    if (!outcome) {
      const reason = 'Cannot resume a flow run that is not paused.';
      const details = { type: 'abort_details', reason } as const;
      return { status: 200, body: { state: null, status: 'ABORT', details } };
    }
    return {
      status: outcome.wrote ? 201 : 200,
      body: await orchestrationResultShape(context, path.id, outcome),
    };
  },
} satisfies Handles<keyof typeof statesRoutes>;
