import { currentState, type Run } from '../../model/runs/run.ts';
import { runName } from '../../model/runs/run-name.ts';
import { type Instant, SECOND, toIso } from '../../model/values/instant.ts';

/** A run that holds slots, in Prefect's format. */
export function slotHolderShape(run: Run, now: Instant) {
  const { name, at } = currentState(run);
  return {
    id: run.id,
    name: runName(run),
    state_type: run.stateType,
    state_name: name,
    start_time: run.startedAt === undefined ? null : toIso(run.startedAt),
    state_timestamp: toIso(at),
    time_in_current_state: Math.max(0, now - at) / SECOND,
  };
}
