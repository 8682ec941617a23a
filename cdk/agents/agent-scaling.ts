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
 * Adds tasks by the number of waiting runs, and removes tasks by the number of idle agents. The
 * sweeper reports both each minute. Tasks are not removed by a backlog of 0: busy tasks are
 * protected and would stay, but the service would count fewer tasks than it has, and new runs would
 * wait for that many more.
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
