import { isLapsed } from '../../model/sessions.ts';
import { toIso } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Cause, WhyFacts } from './cause.ts';

/**
 * The causes for which no agent claims the run. A queue that was polled within the last minute
 * counts as served even without a live agent, because some callers poll without heartbeats.
 */
export function agentCauses({ now, place, sessions }: WhyFacts): Cause[] {
  if (!place) return [];
  const { poolName: pool, queueName: queue, polledAt } = place;
  const isPolled =
    polledAt !== null && now - polledAt <= NUMBERS.polledFor + NUMBERS.polledStampEvery;
  const polled = polledAt === null ? null : toIso(polledAt);
  const live = sessions.filter((one) => one.endedAt === null && !isLapsed(one, now));
  if (live.length === 0) {
    if (isPolled && sessions.length === 0) return [];
    const last = Math.max(...sessions.map(({ lastHeartbeatAt }) => lastHeartbeatAt));
    const seen = sessions.length === 0 ? null : toIso(last);
    return [
      {
        code: 'no_live_agent',
        blocks: true,
        message: `No agent or worker of pool "${pool}" is alive: ${seen ? `the last heartbeat was at ${seen}` : 'none is on record'}.`,
        evidence: { pool, last_seen: seen, polled },
        todo: `Start one: dibs agent start --pool ${pool}`,
      },
    ];
  }
  const free = live.filter(({ draining }) => draining === null);
  const evidence = { pool, live: live.length, draining: live.length - free.length };
  if (free.length === 0) {
    const message = `All ${live.length} live agents of pool "${pool}" are draining.`;
    const todo = `Let one claim runs again: dibs agent drain ${live[0]?.workerName} --pool ${pool} --undo`;
    return [{ code: 'agents_draining', blocks: true, message, evidence, todo }];
  }
  const isFull = free.every((one) => one.kind === 'agent' && one.running >= one.capacity);
  if (isFull) {
    const running = free.reduce((sum, one) => sum + one.running, 0);
    const capacity = free.reduce((sum, one) => sum + one.capacity, 0);
    const message = `The agents of pool "${pool}" have no free capacity: they execute ${running} of at most ${capacity} runs.`;
    const todo = `Wait, or start another agent: dibs agent start --pool ${pool}`;
    const full = { ...evidence, running, capacity };
    return [{ code: 'agents_full', blocks: true, message, evidence: full, todo }];
  }
  if (isPolled) return [];
  return [
    {
      code: 'queue_not_polled',
      blocks: true,
      message: `Agents of pool "${pool}" are alive, but none has polled queue "${queue}" recently.`,
      evidence: { ...evidence, queue, polled },
      todo: `Start an agent that serves this queue: dibs agent start --pool ${pool} --queue ${queue}`,
    },
  ];
}
