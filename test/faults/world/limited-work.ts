import { randomUUID } from 'node:crypto';
import type { Client } from '../../../client/index.ts';

export const SCOPES = ['pool', 'queue', 'deployment'] as const;
type ScopeKind = (typeof SCOPES)[number];

/** The limit of each scope that has one: how many runs may be held at once. */
export type Limits = Readonly<Partial<Record<ScopeKind, number>>>;

/** A new pool with one queue and one deployment, which have their limits from the beginning. */
export async function createLimitedWork(client: Client, limits: Limits) {
  const pool = `pool-${randomUUID().slice(0, 8)}`;
  await client.createWorkPool({
    body: { name: pool, type: 'process', concurrency_limit: limits.pool ?? null },
  });
  const queue = 'limited';
  await client.createWorkQueue({
    name: pool,
    body: { name: queue, concurrency_limit: limits.queue ?? null },
  });
  const flow = await client.createFlow({ body: { name: `flow-${pool}` } });
  const deploy = (name: string, concurrencyLimit: number | null = null) =>
    client.createDeployment({
      body: {
        name,
        flow_id: flow.id,
        work_pool_name: pool,
        work_queue_name: queue,
        entrypoint: 'flows.ts:one',
        concurrency_limit: concurrencyLimit,
      },
    });
  const deployment = await deploy('d', limits.deployment ?? null);
  return { pool, queue, flow, deployment, deploy };
}

/** How many slots of a scope are held, according to the API. */
export async function heldOf(
  client: Client,
  kind: ScopeKind,
  { pool, queue, deployment }: Awaited<ReturnType<typeof createLimitedWork>>,
): Promise<number> {
  const slots = {
    pool: () => client.readWorkPoolSlots({ name: pool }),
    queue: () => client.readWorkQueueSlots({ name: pool, queue }),
    deployment: () => client.readDeploymentSlots({ id: deployment.id }),
  };
  return (await slots[kind]()).active_slots;
}
