import { Duration, Names } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** What the alarms and the dashboard observe. */
export interface Monitored extends Construct {
  readonly api: HttpApi;
  readonly table: Pick<ITable, 'tableName'>;
  readonly workerApi: IFunction;
  readonly scheduler: IFunction;
  readonly sweeper: IFunction;
  readonly failures: IQueue;
}

/** The namespace in lambdas/runtime/telemetry.ts. */
const NAMESPACE = 'dibs';

/**
 * The dimension that distinguishes this stack's metrics from those of others in the same account.
 */
export const stackName = (dibs: Construct): string =>
  Names.uniqueResourceName(dibs, { maxLength: 100 });

/** A metric of this stack; with `pool`, of one pool: `backlog`, `idle` and `oldest_waiting`. */
export const stackMetric = (
  dibs: Construct,
  metricName: string,
  options: MetricOptions = {},
): Metric =>
  new Metric({
    namespace: NAMESPACE,
    metricName,
    period: Duration.minutes(5),
    statistic: 'Sum',
    ...options,
    dimensionsMap: {
      service: 'dibs',
      stack: stackName(dibs),
      ...options.dimensionsMap,
    },
  });
