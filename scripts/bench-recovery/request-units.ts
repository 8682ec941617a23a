import { setTimeout as delay } from 'node:timers/promises';
import { createWork, fillUp } from '../bench/work.ts';
import { AgentSession } from './agent-session.ts';
import { type MeteredStack, startMeteredStack } from './metered-stack.ts';
import { BEAT_MS } from './polling-agent.ts';

export interface Hourly {
  readonly what: string;
  /** Request units per hour. */
  readonly reads: number;
  readonly writes: number;
  /** The DynamoDB calls of one heartbeat or poll. */
  readonly calls: string;
}

/** The pace of a real agent: it decides how often data that is cached for seconds is read. */
const TIMES = 6;
const EVERY_MS = BEAT_MS;
const PER_HOUR = 3_600_000 / EVERY_MS;
const POOL = 'units';

/**
 * Measures what idle agents cost. All cases are measured at the same time, each on its own stack.
 */
export async function measureRequestUnits(endpoint: string): Promise<Hourly[]> {
  const parts = [
    ...[0, 5, 100].map((held) => onStack(endpoint, (stack) => heartbeats(stack, held, 1))),
    onStack(endpoint, (stack) => heartbeats(stack, 0, 20)),
    ...[1, 100].map((agents) => onStack(endpoint, (stack) => idlePolls(stack, agents))),
  ];
  return Promise.all(parts);
}

async function onStack(
  endpoint: string,
  measure: (stack: MeteredStack) => Promise<Hourly>,
): Promise<Hourly> {
  const stack = await startMeteredStack(endpoint);
  try {
    return await measure(stack);
  } finally {
    await stack.stop();
  }
}

/** The cost of one of several agents. They share what a server process does once for their pool. */
async function heartbeats(stack: MeteredStack, held: number, of: number): Promise<Hourly> {
  const { client, take } = stack;
  const work = await createWork(client, POOL);
  await fillUp(client, work, held * of);
  const agents = Array.from({ length: of }, () => new AgentSession(client, POOL, held));
  for (const agent of agents) {
    await agent.beat({ started: true });
    while (agent.room > 0) await agent.claim();
  }
  await delay(EVERY_MS);
  take();
  for (let i = 0; i < TIMES; i++) {
    await Promise.all(agents.map((agent) => agent.beat()));
    await delay(EVERY_MS);
  }
  return hourly(`heartbeats, ${held} runs held, ${inPool(of)}`, take(), of);
}

/** A poll looks at all sessions of its pool, so the number of other agents in the pool matters. */
async function idlePolls({ client, take }: MeteredStack, agents: number): Promise<Hourly> {
  await createWork(client, POOL);
  const sessions = Array.from({ length: agents }, () => new AgentSession(client, POOL, 1));
  await Promise.all(sessions.map((session) => session.beat({ started: true })));
  const polls = { calls: [] as string[], reads: 0, writes: 0 };
  for (let i = 0; i < TIMES; i++) {
    await delay(EVERY_MS);
    await Promise.all(sessions.map((session) => session.beat()));
    take();
    await sessions[0]?.claim();
    const { calls, reads, writes } = take();
    polls.calls.push(...calls);
    polls.reads += reads;
    polls.writes += writes;
  }
  return hourly(`idle polls, ${inPool(agents)}`, polls, 1);
}

const inPool = (agents: number) => `${agents} agent${agents === 1 ? '' : 's'} in the pool`;

function hourly(what: string, units: ReturnType<MeteredStack['take']>, agents: number): Hourly {
  const times = TIMES * agents;
  const counts = [...Map.groupBy(units.calls, (call) => call)];
  return {
    what,
    reads: (units.reads / times) * PER_HOUR,
    writes: (units.writes / times) * PER_HOUR,
    calls: counts
      .map(([call, those]) => `${+(those.length / times).toFixed(2)} ${call}`)
      .join(', '),
  };
}
