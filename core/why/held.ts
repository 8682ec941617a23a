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

/** Of a run that has ended. */
export function finalCauses({ run, pool }: WhyFacts): Cause[] {
  if (!isFinal(run.stateType)) return [];
  const state = currentState(run);
  const by = lastClaimant(run)?.worker ?? null;
  const evidence = { state: state.name, at: toIso(state.at), by, losses: run.losses };
  const most = pool?.recovery.maxLosses;
  const ended: Cause = {
    code: 'already_final',
    blocks: true,
    message: `It ended ${state.name} at ${toIso(state.at)}${by ? `; "${by}" had it last` : ''}.`,
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
      message: `${run.losses} agents died with it, and its pool allows ${most}.`,
      evidence: { ...evidence, max_losses: most },
      todo: `See whom it took: dibs run claims ${run.id}; then: dibs run retry ${run.id}`,
    },
    ended,
  ];
}

/** Of a run that somebody holds, or that waits for a person. */
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
      message: `It was asked to cancel at ${toIso(at)}, and its holder has not stopped it yet.`,
      evidence,
      todo: 'Wait: after 5 minutes it is cancelled whether its holder answers or not.',
    });
  }
  if (isPaused(run.stateType)) {
    causes.push({
      code: run.claim ? 'paused' : 'suspended',
      blocks: true,
      message: run.claim
        ? `Its code has waited for a person since ${toIso(at)}.`
        : `It was suspended at ${toIso(at)}, and no process has it.`,
      evidence,
      todo: `Resume it, from Python: prefect.flow_runs.resume_flow_run("${run.id}")`,
    });
  }
  if (!run.claim) return causes;
  const lease = holder?.leaseExpiresAt ?? null;
  if (holder && (isLapsed(holder, now) || holder.endedAt !== null)) {
    causes.push({
      code: 'lease_lapsed',
      blocks: true,
      message: `Its holder ${who(facts)} fell silent at ${toIso(holder.lastHeartbeatAt)}.`,
      evidence: { ...evidence, lease_expires: lease === null ? null : toIso(lease) },
      todo: isLeftAlone(facts)
        ? `Its engine may well live on, so it is left alone. If it does not: dibs run release ${run.id}`
        : `Wait: a sweep recovers it within a minute. At once: dibs run release ${run.id}`,
    });
  }
  if (isPending(run.stateType)) {
    causes.push(held('claimed_pending', 'and has not started it', facts, at));
  } else if (isScheduled(run.stateType)) {
    causes.push(held('retry_in_process', 'and waits in its process for a retry', facts, at));
  } else if (causes.length === 0) {
    causes.push({ ...held('running', 'and runs it', facts, at), blocks: false });
  }
  return causes;
}

/** Of a Prefect worker that went OFFLINE, unless the pool opted in: see recover.ts. */
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
    message: `${who(facts)} has it since ${toIso(at)}, ${what}${beat}.`,
    evidence: { state: currentState(run).name, since: toIso(at), ...claimEvidence(facts) },
    todo: `See its attempts: dibs run claims ${run.id}; take it away: dibs run release ${run.id}`,
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
