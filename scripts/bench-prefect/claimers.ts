import { setTimeout as delay } from 'node:timers/promises';
import { type Orchestration, type PrefectHttp, proposal } from './prefect-http.ts';
import type { Work } from './work.ts';

/** Runs per poll. Prefect's workers take up to 200. */
const PAGE = 10;
/** Like a worker, a claimer claims runs that are due within the next 10 s. */
const PREFETCH_MS = 10_000;
const EMPTY_PAGE_MS = 50;
/** Runs that have not finished after this time are reported as not finished. */
const GIVE_UP_MS = 300_000;

export interface Lifecycles {
  /** From the first poll until every run had finished once. */
  readonly seconds: number;
  /** The number of finished runs. Each run counts once, however often it was executed. */
  readonly finished: number;
  /**
   * Executions that were accepted as COMPLETED within `seconds`. Repeated executions of a run
   * count, too.
   */
  readonly completions: number;
  /** How long each successful claim took, in milliseconds. */
  readonly claimMs: readonly number[];
  /** How often each run entered RUNNING. */
  readonly executions: ReadonlyMap<string, number>;
}

/**
 * Runs claimers that behave like unmodified workers: each polls a page and works through it run by
 * run, while the page grows old. If a claimer cannot move a run to PENDING and RUNNING, it
 * continues with the next run.
 */
export async function runLifecycles(
  { post }: PrefectHttp,
  work: Work,
  claimers: number,
): Promise<Lifecycles> {
  const claimMs: number[] = [];
  const executions = new Map<string, number>();
  const finished = new Set<string>();
  const beganAt = performance.now();
  let lastAt = beganAt;
  let completions = 0;
  let completionsByThen = 0;

  async function keepWorking(_: unknown, number: number): Promise<void> {
    const name = `bench-worker-${work.pool}-${number}`;
    const headers = { 'x-prefect-worker-name': name };
    const pool = `/work_pools/${work.pool}`;
    await post(`${pool}/workers/heartbeat`, { name, heartbeat_interval_seconds: 30 }, headers);
    while (finished.size < work.runs.length && performance.now() < beganAt + GIVE_UP_MS) {
      const body = {
        work_queue_names: [],
        scheduled_before: new Date(Date.now() + PREFETCH_MS).toISOString(),
        limit: PAGE,
      };
      const path = `${pool}/get_scheduled_flow_runs`;
      const page = await post<{ flow_run: { id: string } }[]>(path, body, headers);
      if (page.length === 0) await delay(EMPTY_PAGE_MS);
      for (const { flow_run } of page) await runToItsEnd(flow_run.id, headers);
    }
  }

  async function runToItsEnd(id: string, headers: Record<string, string>): Promise<void> {
    const propose = (type: 'PENDING' | 'RUNNING' | 'COMPLETED') =>
      post<Orchestration>(`/flow_runs/${id}/set_state`, proposal(type), headers);
    const askedAt = performance.now();
    const claim = await propose('PENDING');
    // A worker also continues after a REJECT if the run is PENDING: it assumes that it lost the
    // response.
    const isMine =
      claim.status === 'ACCEPT' || (claim.status === 'REJECT' && claim.state?.type === 'PENDING');
    if (!isMine) return;
    claimMs.push(performance.now() - askedAt);
    if ((await propose('RUNNING')).status !== 'ACCEPT') return;
    executions.set(id, (executions.get(id) ?? 0) + 1);
    if ((await propose('COMPLETED')).status !== 'ACCEPT') return;
    completions++;
    if (finished.has(id)) return;
    finished.add(id);
    lastAt = performance.now();
    completionsByThen = completions;
  }

  await Promise.all(Array.from({ length: claimers }, keepWorking));
  return {
    seconds: (lastAt - beganAt) / 1000,
    finished: finished.size,
    completions: completionsByThen,
    claimMs,
    executions,
  };
}
