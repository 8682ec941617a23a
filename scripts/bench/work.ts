import { randomUUID } from 'node:crypto';
import type { Client } from '../../client/index.ts';

/** Runs being created at a time. */
const PARALLEL = 16;

/** A pool of its own with one deployment, and that many runs which wait in its queue. */
export async function createWork(client: Client, runs: number): Promise<string> {
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
  let left = runs;
  const keepCreating = async () => {
    while (left-- > 0) {
      const body = { parameters: { day: '2026-01-31', attempt: left } };
      await client.createFlowRunFromDeployment({ id: deployment.id, body });
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, keepCreating));
  return pool;
}

/** As an agent that starts: it lives for a lease, 30 s, longer than a measurement takes. */
export async function openSession(client: Client, pool: string, capacity: number): Promise<string> {
  const sessionId = randomUUID();
  await client.heartbeat({
    name: pool,
    session_id: sessionId,
    body: { worker_name: `agent-${sessionId}`, started: true, capacity, runs: [] },
  });
  return sessionId;
}
