import type { Run } from '../../model/runs/run.ts';
import { DibsError, runNotFound } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import type { Cause, WhyFacts } from './cause.ts';
import { gather } from './gather.ts';
import { finalCauses, heldCauses } from './held.ts';
import { waitingCauses } from './waiting.ts';

export interface Why {
  readonly run: Run;
  /** Every cause that applies, in the order in which they block the run. Never empty. */
  readonly causes: readonly Cause[];
}

/**
 * Explains why a run is not running: lists every cause that applies, in the order in which they
 * block.
 *
 * | the run is             | causes, in this order                                                  |
 * |------------------------|------------------------------------------------------------------------|
 * | final                  | out_of_attempts, already_final                                         |
 * | CANCELLING             | asked_to_cancel, lease_lapsed                                          |
 * | PAUSED                 | paused (its process waits) or suspended, lease_lapsed                  |
 * | held                   | lease_lapsed, then claimed_pending, retry_in_process or running (note) |
 * | SCHEDULED, not held    | queue_deleted, no_pool or no_deployment; awaiting_retry or             |
 * |                        | scheduled_for_later; pool_paused; queue_paused; no_live_agent,         |
 * |                        | agents_draining, agents_full or queue_not_polled; limit_zero,          |
 * |                        | limit_settling or limit_full of pool, queue, deployment;               |
 * |                        | priority_ahead, earlier_ahead (notes while agents have free capacity); |
 * |                        | if nothing blocks: ready                                               |
 *
 * Notes (`blocks` false) come last. The evidence is read in several steps, so the run is read again
 * afterwards, consistently: if its state has changed in the meantime, all evidence is read again.
 * @throws DibsError flow_run_not_found, too_busy
 */
export async function why(context: Context, runId: string): Promise<Why> {
  const { store } = context;
  let run = await store.readRun(runId);
  for (let tries = 0; tries < NUMBERS.decisions; tries++) {
    if (!run) throw runNotFound();
    const facts = await gather(context, run);
    const again = await store.readRun(runId);
    if (again?.stateId === run.stateId && again.attempt === run.attempt) {
      return { run: again, causes: causesOf({ ...facts, run: again }) };
    }
    run = again;
  }
  throw new DibsError('too_busy', 'The state of this run kept changing during the request.');
}

function causesOf(facts: WhyFacts): Cause[] {
  const causes = [...finalCauses(facts), ...heldCauses(facts), ...waitingCauses(facts)];
  const blocking = causes.filter(({ blocks }) => blocks);
  const notes = causes.filter(({ blocks }) => !blocks);
  const { run } = facts;
  if (blocking.length > 0 || run.claim) return [...blocking, ...notes];
  const ready: Cause = {
    code: 'ready',
    blocks: false,
    message: 'Nothing blocks the run: it is due, and the next claim from its queue may take it.',
    evidence: { attempt: run.attempt },
    todo: `Check again in a few seconds: dibs run why ${run.id}`,
  };
  return [ready, ...notes];
}
