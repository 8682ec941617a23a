import { currentState, type Run } from '../../model/runs/run.ts';
import { runName } from '../../model/runs/run-name.ts';
import {
  isCancelling,
  isCompleted,
  isFailure,
  isFinal,
  STATE_NAME,
  STATE_TYPES,
  type StateType,
} from '../../model/runs/state.ts';
import { byHandText, type Person } from '../../model/values/by-hand.ts';
import { DibsError } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { inBatches } from '../batches.ts';
import type { Context } from '../context.ts';
import { NOBODY } from '../proposals/identity.ts';
import type { Outcome } from '../proposals/outcome.ts';
import { setState } from '../proposals/set-state.ts';
import { filterRuns } from '../queries/find-runs.ts';
import type { RunQuery } from '../queries/match-runs.ts';
import type { StateWish } from '../states/proposal.ts';
import { isFoundWhenScheduled } from '../states/rules.ts';

export interface Bulk {
  readonly query: RunQuery;
  readonly operator: Person;
  /**
   * The maximum number of runs to change. If there are more, `more` says so; they need another
   * call.
   */
  readonly limit: number;
  readonly dryRun: boolean;
}

export interface BulkOutcome {
  readonly changed: ReadonlyArray<{ id: string; name: string; stateName: string }>;
  readonly skipped: ReadonlyArray<{ id: string; name: string; reason: string }>;
  readonly more: boolean;
}

/** Puts ended runs back into their queues. If the query names no state: FAILED and CRASHED runs. */
export const retryRuns = (context: Context, bulk: Bulk): Promise<BulkOutcome> =>
  changeAll(context, bulk, STATE_TYPES.filter(isFailure), {
    unfit: (run) => {
      const { stateType } = run;
      if (!isFinal(stateType)) return 'only a run that has ended is retried';
      if (isCompleted(stateType)) return 'its work is done, so create a new run to do it again';
      return isFoundWhenScheduled(run)
        ? undefined
        : 'it was executed by hand, so no agent would take it';
    },
    wish: {
      type: 'SCHEDULED',
      name: STATE_NAME.awaitingRetry,
      message: byHandText('Retried', bulk.operator),
    },
    // Two concurrent retries count as one: the second must not undo what happened after the first.
    onlyAsFound: true,
    worked: ({ status }) => status === 'ACCEPT',
  });

/** Cancels runs that have not ended: their holders are asked to stop them. */
export const cancelRuns = (context: Context, bulk: Bulk): Promise<BulkOutcome> =>
  changeAll(
    context,
    bulk,
    STATE_TYPES.filter((type) => !isFinal(type) && !isCancelling(type)),
    {
      unfit: ({ stateType }) => {
        if (isFinal(stateType)) return 'it has ended';
        return isCancelling(stateType) ? 'its holder was asked to stop it' : undefined;
      },
      wish: { type: 'CANCELLING', message: byHandText('Cancelled', bulk.operator) },
      onlyAsFound: false,
      worked: ({ wrote }) => wrote,
    },
  );

interface Change {
  /** Why a run cannot be changed; undefined if it can. */
  readonly unfit: (run: Run) => string | undefined;
  readonly wish: StateWish;
  /** Whether a run is changed only if its state has not changed since it was found. */
  readonly onlyAsFound: boolean;
  readonly worked: (outcome: Outcome) => boolean;
}

async function changeAll(
  context: Context,
  { query, limit, dryRun }: Bulk,
  stateTypes: readonly StateType[],
  change: Change,
): Promise<BulkOutcome> {
  const { flowRuns } = query;
  const wanted = saysWhich(query)
    ? flowRuns
    : { ...flowRuns, state: { type: { any_: stateTypes } } };
  const page = { offset: 0, limit: limit + 1 };
  const found = await filterRuns(context, { ...query, flowRuns: wanted }, 'ID_DESC', page);
  const runs = found.slice(0, limit);
  const results: Array<BulkOutcome['changed'][number] | BulkOutcome['skipped'][number]> = [];
  for (const some of inBatches(runs, NUMBERS.recoverAtOnce)) {
    results.push(
      ...(await Promise.all(some.map((run) => changeOne(context, run, change, dryRun)))),
    );
  }
  return {
    changed: results.filter((one) => 'stateName' in one),
    skipped: results.filter((one) => 'reason' in one),
    more: found.length > limit,
  };
}

/**
 * Whether the query itself chooses runs by id or state, so that no state filter is added. Under
 * `or_`, a state filter would select more runs, not fewer.
 */
const saysWhich = ({ flowRuns }: RunQuery): boolean =>
  flowRuns?.id?.any_ != null || flowRuns?.state != null || flowRuns?.operator === 'or_';

async function changeOne(context: Context, run: Run, change: Change, dryRun: boolean) {
  const which = { id: run.id, name: runName(run) };
  const stateName = currentState(run).name;
  const unfit = change.unfit(run);
  if (unfit) return { ...which, reason: `It is ${stateName}: ${unfit}.` };
  if (dryRun) return { ...which, stateName };
  const call = {
    runId: run.id,
    state: change.wish,
    force: false,
    identity: NOBODY,
    ...(change.onlyAsFound ? { onlyFrom: run.stateId } : {}),
  };
  try {
    const outcome = await setState(context, call);
    if (change.worked(outcome)) return { ...which, stateName: outcome.state.name };
    return { ...which, reason: outcome.reason ?? `It is ${outcome.state.name}.` };
  } catch (error) {
    // An error of one run must not hide the results of the others, some of which are already
    // changed.
    if (error instanceof DibsError) return { ...which, reason: error.message };
    throw error;
  }
}
