import type { Context } from './context.ts';

/** What is tried again in a minute; each of them has an alarm. */
type FailureMetric = 'claim_failures' | 'recovery_failures' | 'scheduling_failures';

/** What failed for one keeps nobody else from their turn; but it is counted, and the log says why. */
export function tellFailure(
  context: Pick<Context, 'count' | 'log'>,
  metric: FailureMetric,
  error: unknown,
): void {
  context.count(metric, 1);
  context.log({ level: 'warn', message: metric.replace('_', ' '), error });
}

/** How many of them failed. */
export function tellFailures(
  context: Context,
  metric: FailureMetric,
  results: readonly PromiseSettledResult<unknown>[],
): number {
  const failed = results.filter((result) => result.status === 'rejected');
  for (const { reason } of failed) tellFailure(context, metric, reason);
  return failed.length;
}
