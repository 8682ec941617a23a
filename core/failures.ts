import type { Context } from './context.ts';

/**
 * Counters of failures that affect some of several items. Recovery and scheduling are tried again
 * within a minute, and their counters have alarms.
 */
type FailureMetric = 'claim_failures' | 'recovery_failures' | 'scheduling_failures';

/** Counts and logs a failure that affects one item of several; the others continue. */
export function tellFailure(
  context: Pick<Context, 'count' | 'log'>,
  metric: FailureMetric,
  error: unknown,
): void {
  context.count(metric, 1);
  context.log({ level: 'warn', message: metric.replace('_', ' '), error });
}

/** Counts and logs the failures among some results. Returns how many failed. */
export function tellFailures(
  context: Context,
  metric: FailureMetric,
  results: readonly PromiseSettledResult<unknown>[],
): number {
  const failed = results.filter((result) => result.status === 'rejected');
  for (const { reason } of failed) tellFailure(context, metric, reason);
  return failed.length;
}
