import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '../../client/index.ts';
import { createWork, openSession } from './work.ts';

/** How a claimer works. */
export interface Mode {
  readonly name: string;
  /** Runs per claim call. */
  readonly limit: number;
  /** The claim puts them in RUNNING: no write of its own for the start. */
  readonly start: boolean;
}

export interface Part {
  readonly claimers: number;
  readonly mode: Mode;
  readonly runs: number;
  readonly warmUpMs: number;
  readonly windowMs: number;
}

export interface Measured {
  readonly seconds: number;
  readonly lifecycles: number;
  /** Item writes that took place, by the server's replies: claims, starts, finishes. */
  readonly writes: number;
  /** How long each claim call took that got something, in milliseconds. */
  readonly claimMs: readonly number[];
}

/** How often each run was claimed, over the whole part. */
export type Claims = Map<string, number>;

type ClaimedRun = Awaited<ReturnType<Client['claim']>>['runs'][number];

/**
 * Claimers, each in a loop of its own, take runs through their life over HTTP until time is up or no
 * run is left. What happens before and after the window counts for uniqueness, not for speed.
 */
export async function measureLifecycles(
  client: Client,
  part: Part,
): Promise<Measured & { claims: Claims }> {
  const { claimers, mode } = part;
  const pool = await createWork(client, part.runs);
  const sessions = await Promise.all(
    Array.from({ length: claimers }, () => openSession(client, pool, mode.limit)),
  );
  const claims: Claims = new Map();
  const total = { lifecycles: 0, writes: 0 };
  const claimMs: number[] = [];
  let over = false;

  async function keepClaiming(session_id: string): Promise<void> {
    const worker_name = `agent-${session_id}`;
    while (!over) {
      const { limit, start } = mode;
      const beganAt = performance.now();
      const { runs, retry_after } = await client.claim({
        name: pool,
        body: { session_id, worker_name, claim_id: randomUUID(), limit, start },
      });
      if (runs.length === 0) {
        if (claims.size >= part.runs) return;
        await delay(Math.min(retry_after * 1000, 50));
        continue;
      }
      claimMs.push(performance.now() - beganAt);
      for (const { flow_run } of runs) claims.set(flow_run.id, (claims.get(flow_run.id) ?? 0) + 1);
      total.writes += runs.length;
      await Promise.all(runs.map(runToItsEnd));
    }
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

  const all = Promise.all(sessions.map(keepClaiming));
  await Promise.race([all, delay(part.warmUpMs)]);
  const before = { ...total, at: performance.now(), claimed: claimMs.length };
  await Promise.race([all, delay(part.windowMs)]);
  const measured = {
    seconds: (performance.now() - before.at) / 1000,
    lifecycles: total.lifecycles - before.lifecycles,
    writes: total.writes - before.writes,
    claimMs: claimMs.slice(before.claimed),
  };
  over = true;
  await all;
  return { ...measured, claims };
}
