import { Dashboard, GraphWidget, type IMetric, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type Monitored, stackMetric } from './metrics.ts';

/** One page: what waits, what is claimed, what was lost and found again, what it costs, what fails. */
export class DibsDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(dibs: Monitored, id: string) {
    super(dibs, id);
    const { api, workerApi, table } = dibs;
    const of = (name: string, statistic = 'Sum') => stackMetric(dibs, name, { statistic });
    const graph = (title: string, left: IMetric[], right: IMetric[] = []) =>
      new GraphWidget({ title, left, right, width: 12, height: 6 });
    const consumed = (metricName: string) =>
      new Metric({
        namespace: 'AWS/DynamoDB',
        metricName,
        dimensionsMap: { TableName: table.tableName },
        statistic: 'Sum',
      });
    this.dashboard = new Dashboard(this, 'Dashboard', {
      widgets: [
        [
          graph('Waiting: the oldest run, in seconds', [of('oldest_waiting', 'Maximum')]),
          graph('Claims, and writes lost to another agent', [of('claims'), of('lost_conditions')]),
        ],
        [
          graph('From due to claimed, in ms', [of('waited', 'p50'), of('waited', 'p99')]),
          graph('Claim calls, in ms', [of('claim_latency', 'p50'), of('claim_latency', 'p99')]),
        ],
        [
          graph('Dead sessions, and runs taken from them', [
            of('sessions_lapsed'),
            of('recovered'),
          ]),
          graph('Failures', [
            of('claim_failures'),
            of('recovery_failures'),
            of('scheduling_failures'),
            of('unavailable'),
            of('throttled'),
            api.metricServerError(),
          ]),
        ],
        [
          graph('Requests, and their latency in ms', [api.metricCount()], [api.metricLatency()]),
          graph('DynamoDB request units', [
            consumed('ConsumedReadCapacityUnits'),
            consumed('ConsumedWriteCapacityUnits'),
          ]),
        ],
        [
          graph(
            'Lambda: calls of the worker API, and throttles',
            [workerApi.metricInvocations()],
            [workerApi.metricThrottles()],
          ),
          graph('Runs made by schedules', [of('scheduled')]),
        ],
      ],
    });
  }
}
