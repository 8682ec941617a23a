import type { Client } from '../../client/index.ts';

/** The number of runs that are created concurrently. */
const PARALLEL = 16;

/** A new pool with one deployment, and runs that wait in its queue. */
export interface Work {
  readonly pool: string;
  readonly deploymentId: string;
  waiting: number;
  /** How often each run was claimed, by its id. */
  readonly claims: Map<string, number>;
}

export async function createWork(client: Client, pool = 'bench'): Promise<Work> {
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
  return { pool, deploymentId: deployment.id, waiting: 0, claims: new Map() };
}

/** Creates runs until this many wait. */
export async function fillUp(client: Client, work: Work, runs: number): Promise<void> {
  const keepCreating = async () => {
    while (work.waiting < runs) {
      const body = { parameters: { day: '2026-01-31', number: work.waiting++ } };
      await client.createFlowRunFromDeployment({ id: work.deploymentId, body });
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, keepCreating));
}
