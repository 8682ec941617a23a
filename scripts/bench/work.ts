import { randomUUID } from 'node:crypto';
import type { Client } from '../../client/index.ts';

/** Runs being created at a time. */
const PARALLEL = 16;

export interface Work {
  readonly pool: string;
  /** How many runs wait in it. */
  readonly runs: number;
}

/** A pool of its own with one deployment, and as many runs as can be created in the time given. */
export async function createWork(
  client: Client,
  { runs, withinMs }: { readonly runs: number; readonly withinMs: number },
): Promise<Work> {
  const pool = `bench-${randomUUID()}`;
  await client.createWorkPool({ body: { name: pool, type: 'process' } });
  const flow = await client.createFlow({ body: { name: 'bench' } });
  const deployment = await client.createDeployment({
    body: {
      name: pool,
      flow_id: flow.id,
      work_pool_name: pool,
      path: '/srv/flows',
      entrypoint: 'bench.ts:bench',
    },
  });
  const deadline = performance.now() + withinMs;
  let begun = 0;
  const keepCreating = async () => {
    while (begun < runs && performance.now() < deadline) {
      const body = { parameters: { day: '2026-01-31', number: begun++ } };
      await client.createFlowRunFromDeployment({ id: deployment.id, body });
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, keepCreating));
  return { pool, runs: begun };
}

/** As an agent that starts: it lives for a lease, 30 s, longer than a measurement takes. */
export async function openSession(client: Client, pool: string, capacity: number): Promise<string> {
  const sessionId = randomUUID();
  await client.heartbeat({
    name: pool,
    session_id: sessionId,
    body: { worker_name: workerName(sessionId), started: true, capacity, runs: [] },
  });
  return sessionId;
}

export const workerName = (sessionId: string): string => `agent-${sessionId}`;
