import { admissible } from '../../model/limits.ts';
import { currentState } from '../../model/runs/run.ts';
import { isScheduled, STATE_NAME } from '../../model/runs/state.ts';
import { toIso } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { agentCauses } from './agents.ts';
import type { Cause, LimitFacts, WhyFacts } from './cause.ts';

/** Of a run that waits for its time and for a claim. */
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
  ];
}

function placeCauses({ run, place }: WhyFacts): Cause[] {
  const evidence = { queue_id: run.queueId ?? null, deployment_id: run.deploymentId ?? null };
  if (run.queueId !== undefined) {
    if (place) return [];
    const message = 'The queue that it waits in was deleted, so nobody can claim it.';
    const todo = `Cancel it: dibs run cancel ${run.id}; then run its deployment again.`;
    return [{ code: 'queue_deleted', blocks: true, message, evidence, todo }];
  }
  if (run.deploymentId !== undefined) {
    const message = 'Its deployment has no work pool: only the process that serves it runs it.';
    const todo = 'Start that process (serve() in Prefect), or give the deployment a work pool.';
    return [{ code: 'no_pool', blocks: true, message, evidence, todo }];
  }
  const message = 'It is of no deployment: only the process that called its flow can run it.';
  const todo = `Call the flow again, and cancel this one: dibs run cancel ${run.id}`;
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
      message: isRetry ? `It failed, and is retried at ${at}.` : `It is scheduled for ${at}.`,
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
      message: `Work pool "${pool.name}" is paused${by ? ` by ${by.by}` : ''}.`,
      evidence: { pool: pool.name, by: by?.by ?? null, at: by ? toIso(by.at) : null },
      todo: by ? 'Resume: dibs pool resume --all' : `Resume it: dibs pool resume ${pool.name}`,
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
      message: `Deployment "${deployment.name}" is paused: its schedules make no runs; this one still runs.`,
      evidence: { deployment_id: deployment.id, deployment: deployment.name },
      todo: 'Nothing, for this run.',
    });
  }
  return causes;
}

function limitCauses({ limit, held, label, command, raise }: LimitFacts): Cause[] {
  const { limit: most, settlesAt } = limit;
  if (most === null) return [];
  const evidence = { scope: limit.scope.kind, id: limit.scope.id, limit: most, held: held.length };
  if (most === 0) {
    const message = `The concurrency limit of ${label} is 0: nothing of it may run.`;
    return [{ code: 'limit_zero', blocks: true, message, evidence, todo: `Raise it: ${raise}` }];
  }
  if (settlesAt !== null) {
    const message = `The concurrency limit of ${label} was just set, and still counts what runs.`;
    const settling = { ...evidence, settles: toIso(settlesAt) };
    const todo = 'Wait: that takes some seconds.';
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

/** They hold it up where agents have no room left; else they are only told. */
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
      message: `Due in queues that are served before its own: ${countOf(ahead)}.`,
      evidence: { ahead, bounded_at: aheadAtMost, priority: queue?.priority ?? null },
      todo,
    });
  }
  if (earlier > 0) {
    causes.push({
      code: 'earlier_ahead',
      blocks,
      message: `Due before it in its own queue: ${countOf(earlier)}.`,
      evidence: { ahead: earlier, bounded_at: aheadAtMost },
      todo,
    });
  }
  return causes;
}
