import { randomUUID } from 'node:crypto';
import type { Client } from '../../client/index.ts';

export type ClaimReply = Awaited<ReturnType<Client['claim']>>;
export type ClaimedRun = ClaimReply['runs'][number];

export const createPool = (client: Client, more: object = {}) => {
  const name = `pool-${randomUUID().slice(0, 8)}`;
  return client.createWorkPool({ body: { name, type: 'process', ...more } });
};

/** A pool of its own, with a flow and a deployment in it. */
export async function createWork(
  client: Client,
  { poolLimit, ...more }: { parameters?: Record<string, unknown>; poolLimit?: number } = {},
) {
  const limit = poolLimit === undefined ? {} : { concurrency_limit: poolLimit };
  const { name: pool } = await createPool(client, limit);
  const flow = await client.createFlow({ body: { name: `flow-${pool}` } });
  const deployment = await client.createDeployment({
    body: {
      name: 'd',
      flow_id: flow.id,
      work_pool_name: pool,
      entrypoint: 'flows.ts:one',
      ...more,
    },
  });
  return { pool, flow, deployment };
}

export async function createRuns(
  client: Client,
  deploymentId: string,
  count: number,
): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const batch = Array.from({ length: Math.min(25, count - ids.length) }, () =>
      client.createFlowRunFromDeployment({ id: deploymentId, body: {} }),
    );
    ids.push(...(await Promise.all(batch)).map((run) => run.id));
  }
  return ids;
}

/** A live session, as an agent opens one. */
export async function openSession(
  client: Client,
  pool: string,
): Promise<{ session: string; worker: string }> {
  const session = randomUUID();
  const worker = `agent-${session.slice(0, 8)}`;
  await client.heartbeat({
    name: pool,
    session_id: session,
    body: { worker_name: worker, started: true, capacity: 100, runs: [] },
  });
  return { session, worker };
}

/** One claim call. */
export function claimRuns(
  client: Client,
  pool: string,
  { session, worker }: { session: string; worker: string },
  more: {
    limit?: number;
    claim_id?: string;
    start?: boolean;
    repeat?: boolean;
    queue_names?: string[];
  } = {},
): Promise<ClaimReply> {
  return client.claim({
    name: pool,
    body: { session_id: session, worker_name: worker, claim_id: randomUUID(), limit: 1, ...more },
  });
}

export const propose = (
  client: Client,
  run: ClaimedRun,
  type: 'RUNNING' | 'COMPLETED' | 'FAILED' | 'SCHEDULED' | 'CRASHED' | 'CANCELLED',
) =>
  client.setState({
    id: run.flow_run.id,
    body: {
      state: { type, state_details: { transition_id: randomUUID() } },
      claim_token: run.claim_token,
    },
  });
