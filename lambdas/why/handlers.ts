import type { whyRoutes } from '../../api/why/routes.ts';
import { viewRun } from '../../core/runs/view-run.ts';
import { why } from '../../core/why/why.ts';
import type { Handles } from '../http/http.ts';
import { flowRunShape } from '../runs/flow-run-shape.ts';

export const whyHandlers = {
  readFlowRunWhy: async (context, { path }) => {
    const { run, causes } = await why(context, path.id);
    const { id, name, state_name } = flowRunShape(await viewRun(context, run), context.now());
    const body = { flow_run_id: id, name, state_name: state_name ?? '', causes: [...causes] };
    return { status: 200, body };
  },
} satisfies Handles<keyof typeof whyRoutes>;
