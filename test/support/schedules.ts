import type { Context } from '../../core/context.ts';
import type { Run } from '../../model/runs/run.ts';
import type { Instant } from '../../model/values/instant.ts';
import { request } from './http.ts';
import type { TestStack } from './stack.ts';
import { createWork } from './work.ts';

export interface MadeRun {
  readonly id: string;
  readonly at: Instant;
  readonly type: string;
  readonly run: Run;
}

/** A deployment with these schedules, in a pool of its own. */
export async function createScheduled(stack: TestStack, schedules: readonly object[]) {
  const { pool, flow } = await createWork(stack.client);
  const answer = await request(stack, 'POST', '/deployments/', {
    name: 'scheduled',
    flow_id: flow.id,
    work_pool_name: pool,
    schedules,
  });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return {
    pool,
    flow,
    deployment: answer.body as { id: string; schedules: { id: string }[] },
    id: answer.body.id as string,
  };
}

/** All runs of a deployment, by the time they are meant for. */
export async function runsOf({ store }: Context, deploymentId: string): Promise<MadeRun[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const window = { deploymentIds: [deploymentId], limit: 1000, ...(after ? { after } : {}) };
    const { entries, next } = await store.listRuns(window);
    ids.push(...entries.map(({ runId }) => runId));
    after = next;
  } while (after !== undefined);
  const runs = await store.readRuns(ids);
  return runs
    .map((run) => ({ id: run.id, at: run.expectedAt, type: run.stateType, run }))
    .sort((a, b) => a.at - b.at);
}
