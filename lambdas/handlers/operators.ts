import type * as z from 'zod';
import type { BulkRequest } from '../../api/schemas/runs.ts';
import { type Bulk, type BulkOutcome, cancelRuns, retryRuns } from '../../core/bulk.ts';
import { readClaims } from '../../core/claim-history.ts';
import { toIso } from '../../core/instant.ts';
import { LIMITS } from '../../core/limits.ts';
import { releaseRun } from '../../core/release-run.ts';
import { viewRun, viewState } from '../../core/view-run.ts';
import type { Handle } from '../http.ts';
import { runFilter } from '../run-filter.ts';
import { flowRunShape } from '../shapes/flow-run.ts';

export const handleReadFlowRunClaims: Handle<'readFlowRunClaims'> = async (context, { path }) => {
  const claims = await readClaims(context, path.id);
  const body = claims.map(async ({ end, ...claim }) => ({
    attempt: claim.attempt,
    session_id: claim.sessionId,
    worker_name: claim.workerName,
    claimed: toIso(claim.claimedAt),
    started: claim.startedAt === null ? null : toIso(claim.startedAt),
    ended: end && toIso(end.at),
    reason: end?.why ?? null,
    message: end && (await viewState(context, path.id, end.state)).message,
  }));
  return { status: 200, body: await Promise.all(body) };
};

export const handleReleaseFlowRun: Handle<'releaseFlowRun'> = async (context, { path, body }) => {
  const run = await releaseRun(context, path.id, { by: body.by, note: body.note ?? null });
  return { status: 200, body: flowRunShape(await viewRun(context, run), context.now()) };
};

export const handleRetryFlowRuns: Handle<'retryFlowRuns'> = async (context, { body }) => ({
  status: 200,
  body: bulkShape(await retryRuns(context, bulkOf(body))),
});

export const handleCancelFlowRuns: Handle<'cancelFlowRuns'> = async (context, { body }) => ({
  status: 200,
  body: bulkShape(await cancelRuns(context, bulkOf(body))),
});

const bulkOf = (body: z.output<typeof BulkRequest>): Bulk => ({
  filter: runFilter(body),
  operator: { by: body.by, note: body.note ?? null },
  limit: body.limit ?? LIMITS.bulkAtMost,
  dryRun: body.dry_run ?? false,
});

const bulkShape = ({ changed, skipped, more }: BulkOutcome) => ({
  changed: changed.map(({ id, name, stateName }) => ({ id, name, state_name: stateName })),
  skipped: [...skipped],
  more,
});
