import { expect } from 'vitest';
import { isFinal } from '../../../model/runs/state.ts';
import { fromIso, HOUR, type Instant, SECOND } from '../../../model/values/instant.ts';
import { deploy } from '../../../sdk/index.ts';
import { counted, endsWhenAsked } from '../../agent/flows.ts';
import { executionsFile, inFlows, until } from '../../agent/test-agent.ts';
import type { Exchange } from '../../support/faulty-proxy.ts';
import { url } from '../../support/processes.ts';
import { brokenInvariants, expectAllEnded } from '../invariants/invariants.ts';
import type { Where } from '../table/table.ts';
import { startAgentProcess } from './agent-life.ts';
import { AGENT_PLACES, askedIn, stoppingAtClaim } from './agent-places.ts';
import { cancelAsUser } from './scenes.ts';
import { SHIFT_BY } from './shifted-clock.ts';
import { type Work, World } from './world.ts';

/** Everything that an agent sent and its effects, by the server's clock. */
interface Told {
  readonly messages: readonly Exchange[];
  readonly times: readonly Instant[];
  readonly from: Instant;
  readonly to: Instant;
}

let lives: Array<Promise<Told>> | undefined;

/**
 * One agent whose clock is ahead and one whose clock is behind. Each lives once, for all places.
 */
function bothLives(): Array<Promise<Told>> {
  lives ??= [HOUR, -HOUR].map(liveWith);
  return lives;
}

/**
 * The agent's message at this place contains no time, whatever its clock shows, and is accepted.
 */
export const clockIsOff = (where: Where) => async () => {
  for (const { messages, times, from, to } of await Promise.all(bothLives())) {
    const mine = messages.filter((one) => AGENT_PLACES[where].isMessage(askedIn(one)));
    expect(mine).not.toEqual([]);
    expect(
      mine.map(({ reply }) => reply?.status).filter((status) => (status ?? 500) >= 300),
    ).toEqual([]);
    expect(mine.flatMap(timesIn)).toEqual([]);
    expect(times.filter((at) => at < from || at > to)).toEqual([]);
  }
};

/** Anything that may be a date, or seconds or milliseconds since 1970. */
function timesIn({ body, headers }: Exchange): string[] {
  const { date = '' } = headers;
  const text = `${body.toString()} ${date}`;
  return text.match(/\d{4}-\d\d-\d\d[T ]|\d\d:\d\d:\d\d|(?<![-\da-f.])\d{10,}(?![-\da-f])/gi) ?? [];
}

/**
 * One life of a real agent whose clock is wrong, through every place: its first poll finds a dead
 * agent's run, one of three runs is cancelled, and it gives one back because it is told to stop.
 */
async function liveWith(shift: Instant): Promise<Told> {
  await using world = await World.create();
  using executions = executionsFile();
  const from = world.clock.now();
  const { pool, ...work } = await world.work({ pool: 4 }, 0);
  const quick = await deploy(counted, inFlows(world.client, pool, 'counted'));
  const slow = await deploy(endsWhenAsked, inFlows(world.client, pool, 'endsWhenAsked'));
  const { path } = executions;
  const first = await quick.run({ path });
  await dieWith(world, work);
  const second = await quick.run({ path });
  const cancelled = await slow.run({ path });
  const preload = `--import ${url('test/faults/world/shifted-clock.ts')}`;
  const env = { NODE_OPTIONS: preload, [SHIFT_BY]: String(shift / 1000) };
  const agent = startAgentProcess(world, pool, env);
  const begun = world.proxy.exchanges.length;
  try {
    const { time } = JSON.parse(await agent.stdout.next()) as { time: string };
    const isOffBy = (fromIso(time) ?? 0) - Date.now() * 1000;
    expect(Math.round(isOffBy / HOUR) * HOUR).toBe(shift);
    await untilEnded(world, [first.id, second.id]);
    await until(() => executions.lines().length === 3);
    await cancelAsUser(world, cancelled.id);
    await untilEnded(world, [cancelled.id]);
    const last = Promise.withResolvers<string>();
    const stopping = stoppingAtClaim(() => agent.child.kill('SIGTERM'));
    world.proxy.meddle = (exchange) => {
      const before = stopping(askedIn(exchange))?.before;
      if (!before) return undefined;
      const made = async () => last.resolve((await quick.run({ path })).id);
      return { before: () => Promise.resolve(before()).then(made) };
    };
    expect(await agent.ended).toBe(0);
    const runs = [first.id, second.id, cancelled.id, await last.promise];
    const messages = world.proxy.exchanges.slice(begun);
    await world.bringHome({ ...work, pool, runs });
    expect(await brokenInvariants(world)).toEqual([]);
    await expectAllEnded(world);
    const found = await world.probe.readRuns(runs);
    const times = found.flatMap(({ states }) => states.map(({ at }) => at));
    return { messages, times, from, to: world.clock.now() };
  } finally {
    agent.child.kill('SIGKILL');
  }
}

/** An agent dies while it holds the run, and its lease expires. */
async function dieWith(world: World, { a, b }: Pick<Work, 'a' | 'b'>): Promise<void> {
  await a.open();
  await b.open();
  const [run] = await a.claim(1);
  if (!run) throw new Error('there was nothing to claim');
  a.dead = true;
  await world.passTime(36 * SECOND, b);
}

async function untilEnded({ probe }: World, ids: readonly string[]): Promise<void> {
  await until(async () => {
    const runs = await probe.readRuns(ids);
    return runs.every(({ stateType }) => isFinal(stateType));
  });
}
