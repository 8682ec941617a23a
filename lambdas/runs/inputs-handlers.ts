import type { inputsRoutes } from '../../api/runs/inputs-routes.ts';
import { TextFile } from '../../api/text-file.ts';
import {
  createRunInput,
  deleteRunInput,
  filterRunInputs,
  readRunInput,
} from '../../core/runs/run-inputs.ts';
import { toIso } from '../../model/values/instant.ts';
import type { Handles } from '../http/http.ts';
import { thatFit } from '../http/page.ts';

export const inputHandlers = {
  createFlowRunInput: async (context, { path, body }) => {
    await createRunInput(context, path.id, { ...body, sender: body.sender ?? null });
    return { status: 201, body: undefined };
  },

  filterFlowRunInputs: async (context, { path, body }) => {
    const { prefix, limit = 1, exclude_keys: exclude = [] } = body;
    const inputs = await filterRunInputs(context, path.id, { prefix, limit, exclude });
    const shapes = inputs.map(({ createdAt, ...input }) => ({
      ...input,
      flow_run_id: path.id,
      created: toIso(createdAt),
      updated: toIso(createdAt),
    }));
    return { status: 200, body: thatFit(shapes) };
  },

  readFlowRunInput: async (context, { path }) => {
    const { value } = await readRunInput(context, path.id, path.key);
    return { status: 200, body: new TextFile('text/plain', value) };
  },

  deleteFlowRunInput: async (context, { path }) => {
    await deleteRunInput(context, path.id, path.key);
    return { status: 204, body: undefined };
  },
} satisfies Handles<keyof typeof inputsRoutes>;
