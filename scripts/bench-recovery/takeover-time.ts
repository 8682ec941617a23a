import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '../../client/index.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { createWork, fillUp } from '../bench/work.ts';
import { AgentSession, type ClaimedRun } from './agent-session.ts';
import { startPolling } from './polling-agent.ts';

export const RUNS = 200;
export const OTHERS = 4;
const LEASE_MS = NUMBERS.lease / 1_000;
/** An idle agent polls every 5 to 10 s (agent/intake/poller.ts, client/backoff.ts). */
const IDLE_MS = 10_000;
const GIVE_UP_MS = 5 * LEASE_MS;

export interface TakeoverTime {
  /** Time since the dead agent's last heartbeat, in units of the lease. */
  readonly firstAfter: number;
  readonly lastAfter: number;
  /** Runs that were claimed again more than once, or whose new claim is not the second attempt. */
  readonly wrong: number;
}

/**
 * One agent holds all runs and falls silent just after a heartbeat, so it leaves behind the longest
 * possible lease. Idle agents then take the runs over. Together they have just enough room, so that
 * each of them must poll.
 */
export async function measureTakeover(
  client: Client,
  pool: string,
  random: () => number,
): Promise<TakeoverTime> {
  const work = await createWork(client, pool);
  await fillUp(client, work, RUNS);
  const victim = new AgentSession(client, pool, RUNS);
  await victim.beat({ started: true });
  while (victim.room > 0) await victim.claim();

  const claims = new Map<string, number[]>();
  const all = Promise.withResolvers<void>();
  let firstAt = 0;
  const onClaimed = (runs: readonly ClaimedRun[]) => {
    for (const { flow_run, attempt } of runs) {
      firstAt ||= performance.now();
      claims.set(flow_run.id, [...(claims.get(flow_run.id) ?? []), attempt]);
    }
    if (claims.size === RUNS) all.resolve();
  };
  const pauseMs = () => (IDLE_MS / 2) * (1 + random());
  const starting = Array.from({ length: OTHERS }, () =>
    startPolling({ client, pool, capacity: RUNS / OTHERS, pauseMs, onClaimed }),
  );
  const others = await Promise.all(starting);
  await victim.beat();
  const silentAt = performance.now();

  const late = new AbortController();
  const timeout = delay(GIVE_UP_MS, undefined, { signal: late.signal }).then(() => {
    throw new Error(`only ${claims.size} of ${RUNS} runs were claimed again in 5 leases`);
  });
  await Promise.race([all.promise, timeout]);
  const lastAt = performance.now();
  late.abort();
  await Promise.all(others.map((other) => other.stop()));
  const wrong = [...claims.values()].filter(
    ([attempt, ...more]) => attempt !== 2 || more.length > 0,
  );
  return {
    firstAfter: (firstAt - silentAt) / LEASE_MS,
    lastAfter: (lastAt - silentAt) / LEASE_MS,
    wrong: wrong.length,
  };
}
