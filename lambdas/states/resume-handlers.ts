import { resumeRun } from '../../core/proposals/resume-run.ts';
import type { Handle } from '../http/http.ts';
import { orchestrationResultShape } from './outcome-shape.ts';

export const handleResumeFlowRun: Handle<'resumeFlowRun'> = async (
  context,
  { path, body, identity },
) => {
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
};
