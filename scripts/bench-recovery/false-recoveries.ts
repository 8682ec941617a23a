import { setTimeout as delay } from 'node:timers/promises';
import { startAgent } from '../../agent/agent.ts';
import { createClient } from '../../client/index.ts';
import { type DroppingProxy, type Drops, startDroppingProxy } from './dropping-proxy.ts';
import { startPolling } from './polling-agent.ts';
import { seededRandom } from './seeded-random.ts';

export const AGENTS = 20;
export const PROBABILITY = 0.3;
const POOL = 'shaky';
/** This agent finds nothing to claim, but each of its polls looks for dead sessions. */
const POLL_MS = 500;
const MINUTE_MS = 60_000;

export interface FalseRecoveries {
  readonly heartbeats: DroppingProxy['counts'];
  /** Sessions that the server ended although their agents were alive. */
  readonly lapsed: number;
  /** Sessions that agents had to open after their first one. */
  readonly reopened: number;
}

interface Shaking {
  readonly url: string;
  readonly minutes: number;
  readonly seed: number;
  readonly drops: Drops;
  /** The server's counter since its start. */
  readonly sessionsLapsed: () => number;
  readonly say: (line: string) => void;
}

/**
 * Runs real agents behind a network that drops a share of their heartbeats, while another agent
 * polls.
 */
export async function countFalseRecoveries(options: Shaking): Promise<FalseRecoveries> {
  const { url, minutes, seed, drops, sessionsLapsed, say } = options;
  const client = createClient({ url });
  await client.createWorkPool({ body: { name: POOL, type: 'process' } });
  const random = seededRandom(seed);
  const proxy = await startDroppingProxy({ target: url, probability: PROBABILITY, drops, random });
  const lapsedBefore = sessionsLapsed();
  let opened = 0;
  // Without a given name, because an agent with one may store its session in a file.
  const agents = Array.from({ length: AGENTS }, (_, i) =>
    startAgent({
      url: proxy.url,
      pool: POOL,
      limit: 1,
      random: seededRandom(seed + 1 + i),
      onEvent: ({ type }) => {
        if (type !== 'session_opened') return;
        opened++;
        if (opened > AGENTS) say(`  agent ${i + 1} opens another session`);
      },
    }),
  );
  await Promise.all(agents.map(({ ready }) => ready));
  const pauseMs = () => POLL_MS;
  const poller = await startPolling({ client, pool: POOL, capacity: 1, pauseMs, onClaimed() {} });
  for (let left = minutes; left > 0; left--) {
    await delay(Math.min(left, 1) * MINUTE_MS);
    const { heartbeats, droppedBefore, droppedAfter } = proxy.counts;
    say(`  ${heartbeats} heartbeats, ${droppedBefore + droppedAfter} of them dropped`);
  }
  const counted = {
    heartbeats: { ...proxy.counts },
    lapsed: sessionsLapsed() - lapsedBefore,
    reopened: opened - AGENTS,
  };
  proxy.calm();
  await Promise.all(agents.map((agent) => agent.stop()));
  await poller.stop();
  await proxy.stop();
  return counted;
}
