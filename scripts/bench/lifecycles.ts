import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '../../client/index.ts';
import { openSession, type Session } from './sessions.ts';
import type { Work } from './work.ts';

/** How a claimer works. */
export interface Mode {
  readonly name: string;
  /** Runs per claim call. */
  readonly limit: number;
  /** The claim also sets RUNNING, so the start needs no write of its own. */
  readonly start: boolean;
}

export interface Part {
  readonly work: Work;
  readonly claimers: number;
  readonly mode: Mode;
  readonly warmUpMs: number;
  readonly windowMs: number;
  /** Called when the measured window begins, and when it ends. */
  readonly mark: () => Promise<void>;
}

export interface Measured {
  readonly seconds: number;
  readonly lifecycles: number;
  /** The number of item writes, according to the server's responses: claims, starts, finishes. */
  readonly writes: number;
  /** How long each claim that returned runs took, in milliseconds. */
  readonly claimMs: readonly number[];
}

type ClaimedRun = Awaited<ReturnType<Client['claim']>>['runs'][number];

/**
 * Runs claimers, each in its own loop, that take runs through their lifecycle over HTTP. They stop
 * when the time is up or runs become scarce, because a nearly empty queue would be another
 * measurement.
 */
export async function measureLifecycles(client: Client, part: Part): Promise<Measured> {
  const { claimers, mode, work } = part;
  const scarceAt = claimers * mode.limit;
  const claimMs: number[] = [];
  const total = { lifecycles: 0, writes: 0 };
  const scarce = Promise.withResolvers<void>();
  let over = false;

  async function keepClaiming({ id, workerName }: Session): Promise<void> {
    const { limit, start } = mode;
    while (!over) {
      const claim = { session_id: id, worker_name: workerName, claim_id: randomUUID() };
      const beganAt = performance.now();
      const { runs, retry_after } = await client.claim({
        name: work.pool,
        body: { ...claim, limit, start },
      });
      note(runs);
      if (runs.length === 0) await delay(retry_after * 1000);
      else claimMs.push(performance.now() - beganAt);
      total.writes += runs.length;
      await Promise.all(runs.map(runToItsEnd));
    }
  }

  function note(runs: readonly ClaimedRun[]): void {
    for (const {
      flow_run: { id },
    } of runs)
      work.claims.set(id, (work.claims.get(id) ?? 0) + 1);
    work.waiting -= runs.length;
    if (work.waiting <= scarceAt) scarce.resolve();
  }

  async function runToItsEnd(run: ClaimedRun): Promise<void> {
    if (!mode.start) await propose(run, 'RUNNING');
    await propose(run, 'COMPLETED');
    total.lifecycles++;
  }

  async function propose(run: ClaimedRun, type: 'RUNNING' | 'COMPLETED'): Promise<void> {
    const { status } = await client.setState({
      id: run.flow_run.id,
      body: { state: { type }, claim_token: run.claim_token },
    });
    if (status !== 'ACCEPT') throw new Error(`${type} of ${run.flow_run.id}: ${status}`);
    total.writes++;
  }

  const opening = Array.from({ length: claimers }, () =>
    openSession(client, work.pool, mode.limit),
  );
  const sessions = await Promise.all(opening);
  const all = Promise.all(sessions.map(keepClaiming));
  await Promise.race([all, scarce.promise, delay(part.warmUpMs)]);
  await part.mark();
  const before = { ...total, at: performance.now(), claimed: claimMs.length };
  await Promise.race([all, scarce.promise, delay(part.windowMs)]);
  const measured = {
    seconds: (performance.now() - before.at) / 1000,
    lifecycles: total.lifecycles - before.lifecycles,
    writes: total.writes - before.writes,
    claimMs: claimMs.slice(before.claimed),
  };
  await part.mark();
  over = true;
  await all;
  await Promise.all(sessions.map((session) => session.end()));
  return measured;
}
