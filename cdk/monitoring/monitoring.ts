import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  ComparisonOperator,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import type { DibsAlarmProps } from '../props.ts';
import { type Monitored, stackMetric } from './metrics.ts';

/** The period over which an alarm counts. */
const EVERY = Duration.minutes(5);

/** The alarms. None uses metric math. docs/operations.md says what each of them means. */
export class DibsAlarms extends Construct {
  readonly alarms: Readonly<Record<string, Alarm>>;

  constructor(dibs: Monitored, id: string, props: DibsAlarmProps, hasMetrics: boolean) {
    super(dibs, id);
    const { oldestWaiting = Duration.minutes(15), recoveries = 10, serverErrors = 5 } = props;
    const { table, api, scheduler, sweeper, failures } = dibs;
    const alarm = (name: string, metric: Metric, above: number, description: string) =>
      metric.createAlarm(this, name, {
        threshold: above,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
        alarmDescription: `${description} See docs/operations.md, "${name}".`,
      });
    const silent = (name: string, metric: Metric, description: string) =>
      metric.createAlarm(this, name, {
        threshold: 1,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.BREACHING,
        alarmDescription: `${description} See docs/operations.md, "${name}".`,
      });
    const sum = { statistic: 'Sum', period: EVERY };
    this.alarms = {
      ...(hasMetrics
        ? {
            OldestWaiting: alarm(
              'OldestWaiting',
              stackMetric(dibs, 'oldest_waiting', { statistic: 'Maximum' }),
              oldestWaiting.toSeconds(),
              'A run that could be claimed has been waiting for too long.',
            ),
            Recoveries: alarm(
              'Recoveries',
              stackMetric(dibs, 'recovered'),
              recoveries,
              'Runs are taken from dead agents more often than usual.',
            ),
            RecoveryFailures: alarm(
              'RecoveryFailures',
              stackMetric(dibs, 'recovery_failures'),
              0,
              'Runs of dead agents could not be given back.',
            ),
            SchedulingFailures: alarm(
              'SchedulingFailures',
              stackMetric(dibs, 'scheduling_failures'),
              0,
              'Runs of schedules could not be created.',
            ),
            // Counts the throttled requests of callers, to the table and to its indexes.
            Throttled: alarm(
              'Throttled',
              stackMetric(dibs, 'throttled'),
              0,
              'DynamoDB throttles requests.',
            ),
          }
        : {
            Throttled: alarm(
              'Throttled',
              throttles(table.tableName),
              0,
              'DynamoDB throttles writes.',
            ),
          }),
      ServerErrors: alarm(
        'ServerErrors',
        api.metricServerError(sum),
        serverErrors,
        'The API answers with 5xx.',
      ),
      SchedulerSilent: silent(
        'SchedulerSilent',
        scheduler.metricInvocations(sum),
        'The scheduler has not been called for five minutes.',
      ),
      SweeperSilent: silent(
        'SweeperSilent',
        sweeper.metricInvocations(sum),
        'The sweeper has not been called for five minutes.',
      ),
      SchedulerErrors: alarm(
        'SchedulerErrors',
        scheduler.metricErrors(sum),
        0,
        'The scheduler ended before it was done.',
      ),
      SweeperErrors: alarm(
        'SweeperErrors',
        sweeper.metricErrors(sum),
        0,
        'The sweeper ended before it was done.',
      ),
      StreamFailures: alarm(
        'StreamFailures',
        failures.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: EVERY }),
        0,
        'State changes could not be sent as events, or leftovers of expired runs not deleted.',
      ),
    };
    if (props.topic) {
      const action = new SnsAction(props.topic);
      for (const one of Object.values(this.alarms)) {
        one.addAlarmAction(action);
        one.addOkAction(action);
      }
    }
  }
}

/** The table's own metric, for stacks without metrics of dibs. */
const throttles = (tableName: string): Metric =>
  new Metric({
    namespace: 'AWS/DynamoDB',
    metricName: 'WriteThrottleEvents',
    dimensionsMap: { TableName: tableName },
    statistic: 'Sum',
    period: EVERY,
  });
