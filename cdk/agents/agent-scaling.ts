import { Duration } from 'aws-cdk-lib';
import { AdjustmentType } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { ScalableTaskCount } from 'aws-cdk-lib/aws-ecs';
import type { Dibs } from '../dibs.ts';

interface Scale {
  readonly pool: string;
  readonly maxTasks: number;
  readonly limit: number;
}

const HOW = {
  adjustmentType: AdjustmentType.CHANGE_IN_CAPACITY,
  evaluationPeriods: 1,
  cooldown: Duration.minutes(2),
};

/**
 * Out by what waits, in by who is idle; the sweeper tells both each minute. Not in by a backlog of 0: while
 * all tasks are busy they are spared, and what was taken off their number new runs would wait for.
 */
export function scaleByBacklog(
  tasks: ScalableTaskCount,
  dibs: Dibs,
  { pool, maxTasks, limit }: Scale,
): void {
  const many = Math.max(2, Math.ceil(maxTasks / 2));
  tasks.scaleOnMetric('Backlog', {
    ...HOW,
    metric: dibs.metricBacklog(pool),
    scalingSteps: [
      { lower: 1, change: 1 },
      { lower: 2 * limit, change: Math.min(2, maxTasks) },
      { lower: many * limit + 2 * limit, change: many },
    ],
  });
  tasks.scaleOnMetric('Idle', {
    ...HOW,
    metric: dibs.metricIdle(pool),
    scalingSteps: [
      { upper: 1, change: 0 },
      { lower: 1, change: -1 },
    ],
  });
}
