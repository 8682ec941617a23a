import type * as z from 'zod';
import type { State } from '../../api/states/schemas.ts';
import type { Context } from '../../core/context.ts';
import { viewState } from '../../core/runs/view-run.ts';
import type { History } from '../../core/states/history.ts';
import type { Payload, Run, RunState } from '../../model/runs/run.ts';
import { headOf } from '../../model/values/cut-text.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { thatFit } from '../http/page.ts';
import { stateShape } from './state-shape.ts';

type Shape = z.output<typeof State>;

/** Characters of a message where not all that a history says fits into one response. */
const BRIEF = 1_000;

/**
 * The states of a run, oldest first. Where they are too large for one response, all but the last are
 * told briefly: without their data, and with the beginnings of their messages. Where they are too
 * many even so, the oldest are left out, and the first one that is shown says so.
 */
export async function historyShape(context: Context, history: History): Promise<Shape[]> {
  const { run, states } = history;
  const bytes = states.reduce((sum, { message, data }) => sum + size(message) + size(data), 0);
  const isLarge = bytes > NUMBERS.replyBytes / 2;
  const shapes = await Promise.all(
    states.map((state, i) =>
      isLarge && i < states.length - 1
        ? briefShape(context, run, state)
        : shapeOf(context, run, state),
    ),
  );
  const shown = thatFit(shapes.reverse()).reverse();
  const left = states.length - shown.length;
  const [first] = shown;
  if (left === 0 || !first) return shown;
  const told = `[${left} earlier states do not fit into this response and are left out.]`;
  return [
    { ...first, message: first.message ? `${first.message}\n${told}` : told },
    ...shown.slice(1),
  ];
}

const shapeOf = async (context: Context, run: Run, state: RunState): Promise<Shape> =>
  stateShape(run.id, await viewState(context, { runId: run.id }, state), run.parentTaskRunId);

async function briefShape(context: Context, run: Run, state: RunState): Promise<Shape> {
  const { data, ...rest } = state;
  const shape = await shapeOf(context, run, rest);
  const { message } = shape;
  const isCut = message !== null && message.length > BRIEF;
  if (!data && !isCut) return shape;
  const told = `[cut: GET /api/flow_run_states/${state.id} has more of this state.]`;
  return { ...shape, message: message === null ? told : `${headOf(message, BRIEF)}\n${told}` };
}

const size = (payload: Payload | undefined): number =>
  payload === undefined ? 0 : 'text' in payload ? payload.text.length : payload.bytes;
