import type { NamedLimit, SlotLease } from '../../model/named-limits.ts';
import { isFinal } from '../../model/runs/state.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { tellFailure } from '../failures.ts';
import { leasesOf, listNamedLimits } from './change-named-limits.ts';
import { tagOf } from './counts.ts';
import { endLease } from './give-slots-back.ts';

/**
 * Nobody renews the lease of a tag's slot, so it outlives a holder that cannot give it back. Its
 * slot is freed when the task run or its flow run is deleted, and within a minute after either of
 * them has ended. Holders that were never recorded keep their slots until the lease expires.
 */
export async function freeTagSlots(context: Context, taskRunIds: readonly string[]): Promise<void> {
  if (taskRunIds.length === 0) return;
  const ids = new Set(taskRunIds);
  for (const limit of await tagLimits(context)) {
    const leases = await leasesOf(context, limit);
    for (const lease of leases) {
      if (ids.has(lease.holder?.id ?? '')) await endLease(context, lease);
    }
  }
}

/** Frees the slots of tags whose holders have ended. Called every minute. */
export async function freeAbandonedSlots(context: Context): Promise<void> {
  for (const limit of await tagLimits(context)) {
    try {
      for (const lease of await abandoned(context, await leasesOf(context, limit))) {
        await endLease(context, lease);
      }
    } catch (error) {
      // Continue with the others; this one is tried again in a minute.
      tellFailure(context, 'recovery_failures', error);
    }
  }
}

const tagLimits = async (context: Context): Promise<NamedLimit[]> =>
  (await listNamedLimits(context)).filter((limit) => tagOf(limit) !== undefined);

async function abandoned({ store }: Context, leases: readonly SlotLease[]): Promise<SlotLease[]> {
  const held = leases.filter(
    ({ holder, createdAt, until }) =>
      holder?.type === 'task_run' && until - createdAt >= NUMBERS.tagSlotLease,
  );
  const found = await store.readTaskRuns(held.map(({ holder }) => holder?.id ?? ''));
  const taskRuns = found.map(({ taskRun }) => taskRun);
  const runs = await store.readRuns(taskRuns.flatMap(({ flowRunId }) => flowRunId ?? []));
  const going = new Set(runs.filter((run) => !isFinal(run.stateType)).map(({ id }) => id));
  const over = taskRuns.filter(
    ({ state, flowRunId }) => isFinal(state.type) || (flowRunId !== null && !going.has(flowRunId)),
  );
  const ids = new Set(over.map(({ id }) => id));
  return held.filter(({ holder }) => ids.has(holder?.id ?? ''));
}
