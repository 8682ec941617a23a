import { currentState, lastClaimant } from '../../model/runs/run.ts';
import {
  isCancelling,
  isFailure,
  isFinal,
  isPaused,
  isPending,
  isScheduled,
} from '../../model/runs/state.ts';
import { isLapsed } from '../../model/sessions.ts';
import { type Instant, toIso } from '../../model/values/instant.ts';
import type { Cause, WhyFacts } from './cause.ts';

/** The causes for a run that has ended. */
export function finalCauses({ run, pool }: WhyFacts): Cause[] {
  if (!isFinal(run.stateType)) return [];
  const state = currentState(run);
  const by = lastClaimant(run)?.worker ?? null;
  const evidence = { state: state.name, at: toIso(state.at), by, losses: run.losses };
  const most = pool?.recovery.maxLosses;
  const ended: Cause = {
    code: 'already_final',
    blocks: true,
    message: `The run ended as ${state.name} at ${toIso(state.at)}${by ? `; "${by}" held it last` : ''}.`,
    evidence,
    todo: `Run it again: dibs run retry ${run.id}`,
  };
  if (!isFailure(run.stateType) || state.cause !== 'lost' || !most || run.losses < most) {
    return [ended];
  }
  return [
    {
      code: 'out_of_attempts',
      blocks: true,
      message: `Agents that held this run died: ${run.losses}. Its pool allows ${most}.`,
      evidence: { ...evidence, max_losses: most },
      todo: `See which agents held it: dibs run claims ${run.id}; then: dibs run retry ${run.id}`,
    },
    ended,
  ];
}

/** The causes for a run that a session holds, or that waits for a person. */
export function heldCauses(facts: WhyFacts): Cause[] {
  const { run, now, holder } = facts;
  if (isFinal(run.stateType)) return [];
  const causes: Cause[] = [];
  const { name: state, at } = currentState(run);
  const evidence = { state, since: toIso(at), ...claimEvidence(facts) };
  if (isCancelling(run.stateType)) {
    causes.push({
      code: 'asked_to_cancel',
      blocks: true,
      message: `The run was asked to cancel at ${toIso(at)}, and its holder has not stopped it yet.`,
      evidence,
      todo: 'Wait: after 5 minutes it is cancelled, whether its holder responds or not.',
    });
  }
  if (isPaused(run.stateType)) {
    causes.push({
      code: run.claim ? 'paused' : 'suspended',
      blocks: true,
      message: run.claim
        ? `The run's code has been waiting for a person since ${toIso(at)}.`
        : `The run was suspended at ${toIso(at)}, and no process is executing it.`,
      evidence,
      todo: `Resume it from Python: prefect.flow_runs.resume_flow_run("${run.id}")`,
    });
  }
  if (!run.claim) return causes;
  const lease = holder?.leaseExpiresAt ?? null;
  if (holder && (isLapsed(holder, now) || holder.endedAt !== null)) {
    causes.push({
      code: 'lease_lapsed',
      blocks: true,
      message: `Its holder ${who(facts)} stopped sending heartbeats; the last one was at ${toIso(holder.lastHeartbeatAt)}.`,
      evidence: { ...evidence, lease_expires: lease === null ? null : toIso(lease) },
      todo: isLeftAlone(facts)
        ? `The process that executes it may still be alive, so the run is left alone. If it is not: dibs run release ${run.id}`
        : `Wait: a sweep recovers it within a minute. To do it now: dibs run release ${run.id}`,
    });
  }
  if (isPending(run.stateType)) {
    causes.push(held('claimed_pending', 'but has not started it', facts, at));
  } else if (isScheduled(run.stateType)) {
    causes.push(held('retry_in_process', 'and its process waits for a retry', facts, at));
  } else if (causes.length === 0) {
    causes.push({ ...held('running', 'and is executing it', facts, at), blocks: false });
  }
  return causes;
}

/**
 * Whether a sweep leaves the run with its holder: a Prefect worker that is OFFLINE, unless the pool
 * is set to requeue such runs (core/recovery/recover.ts).
 */
const isLeftAlone = ({ run, holder, pool }: WhyFacts): boolean =>
  holder?.kind === 'worker' &&
  !isPending(run.stateType) &&
  pool?.recovery.prefectRunning === 'keep';

function held(code: Cause['code'], what: string, facts: WhyFacts, at: Instant): Cause {
  const { run, holder } = facts;
  const beat = holder ? `; its last heartbeat was at ${toIso(holder.lastHeartbeatAt)}` : '';
  return {
    code,
    blocks: true,
    message: `${who(facts)} has held the run since ${toIso(at)}, ${what}${beat}.`,
    evidence: { state: currentState(run).name, since: toIso(at), ...claimEvidence(facts) },
    todo: `See its attempts: dibs run claims ${run.id}; release it: dibs run release ${run.id}`,
  };
}

const who = ({ run, holder }: WhyFacts): string => {
  const name = lastClaimant(run)?.worker || holder?.workerName;
  return name ? `"${name}"` : 'A caller without a name';
};

const claimEvidence = ({ run, holder }: WhyFacts) => ({
  attempt: run.attempt,
  session_id: run.claim?.sessionId ?? null,
  worker: lastClaimant(run)?.worker ?? holder?.workerName ?? null,
  last_heartbeat: holder ? toIso(holder.lastHeartbeatAt) : null,
});
