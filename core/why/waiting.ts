import { admissible } from '../../model/limits.ts';
import { currentState } from '../../model/runs/run.ts';
import { isScheduled, STATE_NAME } from '../../model/runs/state.ts';
import { nameOf } from '../../model/schedules.ts';
import { toIso } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { agentCauses } from './agents.ts';
import type { Cause, LimitFacts, WhyFacts } from './cause.ts';

/** The causes for a run that waits for its start time or for a claim. */
export function waitingCauses(facts: WhyFacts): Cause[] {
  const { run } = facts;
  if (!isScheduled(run.stateType) || run.claim) return [];
  const agents = agentCauses(facts);
  return [
    ...placeCauses(facts),
    ...timeCauses(facts),
    ...pauseCauses(facts),
    ...agents,
    ...facts.limits.flatMap((limit) => limitCauses(limit)),
    ...aheadCauses(facts, agents.length > 0),
    ...scheduleCauses(facts),
  ];
}

/** Says of a run of a schedule that no more will follow. */
function scheduleCauses({ run, deployment }: WhyFacts): Cause[] {
  const schedule = deployment?.schedules.find(({ id }) => id === run.madeBy?.scheduleId);
  if (!deployment || schedule?.setAside === undefined) return [];
  return [
    {
      code: 'schedule_set_aside',
      blocks: false,
      message: `Its schedule "${nameOf(schedule)}" is set aside and creates no more runs, but this run can still start. ${schedule.setAside}`,
      evidence: { deployment_id: deployment.id, schedule_id: schedule.id },
      todo: 'Give the schedule another rule: prefect deploy, or PATCH of the schedule. See dibs schedule ls.',
    },
  ];
}

function placeCauses({ run, place }: WhyFacts): Cause[] {
  const evidence = { queue_id: run.queueId ?? null, deployment_id: run.deploymentId ?? null };
  if (run.queueId !== undefined) {
    if (place) return [];
    const message = 'The queue in which the run waits was deleted, so no agent can claim it.';
    const todo = `Cancel it: dibs run cancel ${run.id}; then run its deployment again.`;
    return [{ code: 'queue_deleted', blocks: true, message, evidence, todo }];
  }
  if (run.deploymentId !== undefined) {
    const message =
      'The deployment of the run has no work pool: only a process that serves it can execute the run.';
    const todo = 'Start that process (serve() in Prefect), or give the deployment a work pool.';
    return [{ code: 'no_pool', blocks: true, message, evidence, todo }];
  }
  const message =
    'The run has no deployment: only the process that called its flow can execute it.';
  const todo = `Call the flow again, and cancel this run: dibs run cancel ${run.id}`;
  return [{ code: 'no_deployment', blocks: true, message, evidence, todo }];
}

function timeCauses({ run, now }: WhyFacts): Cause[] {
  const { scheduledAt = run.scheduledAt ?? 0, name } = currentState(run);
  if (scheduledAt <= now) return [];
  const at = toIso(scheduledAt);
  const isRetry = name === STATE_NAME.awaitingRetry;
  return [
    {
      code: isRetry ? 'awaiting_retry' : 'scheduled_for_later',
      blocks: true,
      message: isRetry
        ? `The run failed and will be retried at ${at}.`
        : `The run is scheduled for ${at}.`,
      evidence: { scheduled: at, run_count: run.runCount },
      todo: 'Wait until then.',
    },
  ];
}

function pauseCauses({ pool, queue, deployment }: WhyFacts): Cause[] {
  const causes: Cause[] = [];
  if (pool?.isPaused) {
    const { pausedBy: by } = pool;
    causes.push({
      code: 'pool_paused',
      blocks: true,
      message: `Work pool "${pool.name}" ${by ? `was paused by ${by.by}` : 'is paused'}.`,
      evidence: { pool: pool.name, by: by?.by ?? null, at: by ? toIso(by.at) : null },
      todo: by
        ? 'Resume all pools: dibs pool resume --all'
        : `Resume it: dibs pool resume ${pool.name}`,
    });
  }
  if (queue?.isPaused) {
    causes.push({
      code: 'queue_paused',
      blocks: true,
      message: `Work queue "${queue.name}" of pool "${queue.poolName}" is paused.`,
      evidence: { pool: queue.poolName, queue: queue.name },
      todo: `Resume it: dibs queue resume ${queue.name} --pool ${queue.poolName}`,
    });
  }
  if (deployment?.paused) {
    causes.push({
      code: 'deployment_paused',
      blocks: false,
      message: `Deployment "${deployment.name}" is paused: its schedules create no runs, but this run can still start.`,
      evidence: { deployment_id: deployment.id, deployment: deployment.name },
      todo: 'Nothing to do for this run.',
    });
  }
  return causes;
}

function limitCauses({ limit, held, label, command, raise }: LimitFacts): Cause[] {
  const { limit: most, settlesAt } = limit;
  if (most === null) return [];
  const evidence = { scope: limit.scope.kind, id: limit.scope.id, limit: most, held: held.length };
  if (most === 0) {
    const message = `The concurrency limit of ${label} is 0, so none of its runs may start.`;
    return [{ code: 'limit_zero', blocks: true, message, evidence, todo: `Raise it: ${raise}` }];
  }
  if (settlesAt !== null) {
    const message = `The concurrency limit of ${label} was just set; the runs that are already held are still being counted.`;
    const settling = { ...evidence, settles: toIso(settlesAt) };
    const todo = 'Wait: this takes some seconds.';
    return [{ code: 'limit_settling', blocks: true, message, evidence: settling, todo }];
  }
  if (admissible(most, new Set(held.map(({ k }) => k))).length > 0) return [];
  const holders = held
    .toSorted((a, b) => a.at - b.at)
    .slice(0, NUMBERS.whyHolders)
    .map(({ runId, at }) => ({ flow_run_id: runId, since: toIso(at) }));
  const [longest] = holders;
  const since = longest ? `, longest by run ${longest.flow_run_id} since ${longest.since}` : '';
  return [
    {
      code: 'limit_full',
      blocks: true,
      message: `The concurrency limit of ${label} is full: ${held.length} of ${most} held${since}.`,
      evidence: { ...evidence, holders },
      todo: `See who holds it: ${command}`,
    },
  ];
}

/**
 * Runs that are ahead block this one only if the agents have no free capacity; otherwise they are
 * notes.
 */
function aheadCauses(
  { ahead, earlier, aheadAtMost, queue, place }: WhyFacts,
  blocks: boolean,
): Cause[] {
  const countOf = (count: number) =>
    count >= aheadAtMost ? `${aheadAtMost} or more` : String(count);
  const todo =
    `Wait, or start more agents: dibs agent start --pool ${place?.poolName ?? ''}`.trim();
  const causes: Cause[] = [];
  if (ahead > 0) {
    causes.push({
      code: 'priority_ahead',
      blocks,
      message: `Due runs in queues that are served before its own: ${countOf(ahead)}.`,
      evidence: { ahead, bounded_at: aheadAtMost, priority: queue?.priority ?? null },
      todo,
    });
  }
  if (earlier > 0) {
    causes.push({
      code: 'earlier_ahead',
      blocks,
      message: `Runs in its own queue that were due before it: ${countOf(earlier)}.`,
      evidence: { ahead: earlier, bounded_at: aheadAtMost },
      todo,
    });
  }
  return causes;
}
