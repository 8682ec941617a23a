import { randomUUID } from 'node:crypto';
import type { PrefectHttp } from './prefect-http.ts';

/** The number of runs that are created concurrently. */
const PARALLEL = 8;
/** The largest page that Prefect allows. */
const PAGE = 200;

export interface Work {
  readonly pool: string;
  readonly runs: readonly string[];
  readonly createsPerSecond: number;
}

/** Creates a new pool with one deployment, and runs that wait in its queue. */
export async function createWork({ post }: PrefectHttp, runs: number): Promise<Work> {
  const pool = `bench-${randomUUID().slice(0, 8)}`;
  await post('/work_pools/', { name: pool, type: 'process' });
  const flow = await post<{ id: string }>('/flows/', { name: 'bench' });
  const deployment = await post<{ id: string }>('/deployments/', {
    name: pool,
    flow_id: flow.id,
    work_pool_name: pool,
    path: '/srv/flows',
    entrypoint: 'bench.py:bench',
  });
  const ids: string[] = [];
  let next = 0;
  const beganAt = performance.now();
  const keepCreating = async () => {
    while (next < runs) {
      const parameters = { day: '2026-01-31', number: next++ };
      const path = `/deployments/${deployment.id}/create_flow_run`;
      ids.push((await post<{ id: string }>(path, { parameters })).id);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, keepCreating));
  const seconds = (performance.now() - beganAt) / 1000;
  return { pool, runs: ids, createsPerSecond: runs / seconds };
}

/** The runs that started more than once, as counted by the server itself. */
export async function countedTwice({ post }: PrefectHttp, runs: readonly string[]) {
  const twice = new Set<string>();
  for (let from = 0; from < runs.length; from += PAGE) {
    const filter = { flow_runs: { id: { any_: runs.slice(from, from + PAGE) } }, limit: PAGE };
    const page = await post<{ id: string; run_count: number }[]>('/flow_runs/filter', filter);
    for (const run of page) if (run.run_count > 1) twice.add(run.id);
  }
  return twice;
}
