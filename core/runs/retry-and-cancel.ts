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
  /** Runs at the most; more are told, and take another call. */
  readonly limit: number;
  readonly dryRun: boolean;
}

export interface BulkOutcome {
  readonly changed: ReadonlyArray<{ id: string; name: string; stateName: string }>;
  readonly skipped: ReadonlyArray<{ id: string; name: string; reason: string }>;
  readonly more: boolean;
}

/** Puts runs that have ended back into their queues; FAILED and CRASHED ones unless told otherwise. */
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
    // Two retries at once are one: what it came to after the first is not undone by the second.
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
  /** Why a run cannot be changed, if so. */
  readonly unfit: (run: Run) => string | undefined;
  readonly wish: StateWish;
  /** Nothing is changed of a run that has moved on since it was found. */
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

/** By id or by state; under `or_` a state more would be more runs, not fewer. */
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
    // The others are told of all the same: some have been changed already.
    if (error instanceof DibsError) return { ...which, reason: error.message };
    throw error;
  }
}
