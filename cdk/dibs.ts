import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Alarm, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledged.ts';
import { DibsEvents } from './events.ts';
import { DibsFunction, type LambdaName } from './functions.ts';
import { DibsHttpApi } from './http-api.ts';
import { DibsDashboard } from './monitoring/dashboard.ts';
import { stackMetric, stackName } from './monitoring/metrics.ts';
import { DibsAlarms } from './monitoring/monitoring.ts';
import type { DibsProps } from './props.ts';
import { createTable } from './table.ts';
import { validatePool, validateProps } from './validate.ts';

/**
 * A control plane for work pools, in this stack and this account: one table, one HTTP API, six
 * Lambdas. While there are no requests, nothing runs and it costs little.
 *
 * @example
 *   new Dibs(this, 'Dibs');
 *
 * Then create the first API key with the command in the output `FirstKey`, and point Prefect's
 * clients, workers and `dibs` to the output `ApiUrl`.
 */
export class Dibs extends Construct {
  /** The API's URL, `https://…/api`, for PREFECT_API_URL and DIBS_API_URL. */
  readonly apiUrl: string;
  readonly api: HttpApi;
  readonly table: ITable;
  readonly workerApi: IFunction;
  readonly controlApi: IFunction;
  readonly scheduler: IFunction;
  readonly sweeper: IFunction;
  /** Records of the table's stream that could not be sent as events or cleaned up. */
  readonly failures: IQueue;
  /** With `domain`: the target for an alias record. */
  readonly domainTarget: { readonly name: string; readonly hostedZoneId: string } | undefined;
  /** False with `metrics: false`: then a `DibsAgentService` cannot scale. */
  readonly tellsMetrics: boolean;
  /** The alarms by name, as in docs/operations.md; empty with `alarms: false`. */
  readonly alarms: Readonly<Record<string, Alarm>>;

  constructor(scope: Construct, id: string, props: DibsProps = {}) {
    super(scope, id);
    validateProps(this, props);
    this.table = createTable(this, props);
    const settings = { table: this.table, props, stackName: stackName(this) };
    const create = (name: string, lambda: LambdaName): IFunction =>
      new DibsFunction(this, name, lambda, settings).function;
    this.workerApi = create('WorkerApi', 'worker-api');
    this.controlApi = create('ControlApi', 'control-api');
    const authorizer = create('Authorizer', 'authorizer');
    this.scheduler = this.#everyMinute('Scheduler', create('Scheduler', 'scheduler'));
    this.sweeper = this.#everyMinute('Sweeper', create('Sweeper', 'sweeper'));
    this.failures = new DibsEvents(this, 'Events', settings).failures;
    const http = new DibsHttpApi(
      this,
      'Http',
      { worker: this.workerApi, control: this.controlApi, authorizer },
      props,
    );
    this.api = http.api;
    const { domain } = http;
    this.domainTarget = domain && {
      name: domain.regionalDomainName,
      hostedZoneId: domain.regionalHostedZoneId,
    };
    this.tellsMetrics = props.metrics !== false;
    this.apiUrl = `${props.domain ? `https://${props.domain.name}` : this.api.apiEndpoint}/api`;
    this.alarms =
      props.alarms === false
        ? {}
        : new DibsAlarms(this, 'Alarms', props.alarms ?? {}, this.tellsMetrics).alarms;
    if (props.dashboard !== false) new DibsDashboard(this, 'Dashboard');
    this.#outputs();
  }

  /**
   * A metric of this stack: `claims`, `lost_conditions`, `waited` and `claim_latency` (ms), `recovered`,
   * `oldest_waiting` (s), `throttled` and the others in docs/operations.md.
   */
  metric(name: string, options?: MetricOptions): Metric {
    return stackMetric(this, name, options);
  }

  /**
   * The number of runs in a pool that wait and could be claimed at once. It is reported each minute
   * while an agent polls the pool or a run waits in it.
   */
  metricBacklog(pool: string, options: MetricOptions = {}): Metric {
    return this.#ofPool('backlog', pool, { statistic: 'Maximum', ...options });
  }

  /**
   * The number of a pool's agents that hold no run; 0 while a run waits. Reported as
   * `metricBacklog` is.
   */
  metricIdle(pool: string, options: MetricOptions = {}): Metric {
    return this.#ofPool('idle', pool, { statistic: 'Minimum', ...options });
  }

  #ofPool(name: string, pool: string, options: MetricOptions): Metric {
    validatePool(this, pool);
    return stackMetric(this, name, {
      period: Duration.minutes(1),
      ...options,
      dimensionsMap: { pool },
    });
  }

  #everyMinute(name: string, lambda: IFunction): IFunction {
    const rule = new Rule(this, `${name}EveryMinute`, {
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(lambda, { retryAttempts: 0 })],
    });
    // The next minute makes up for a missed one. The rule's own retries end once Lambda accepts the
    // call.
    lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    const reason = 'The next minute makes up for a missed one; an alarm reports five missed ones.';
    acknowledge(rule, { 'Serverless-EventBusDLQ': reason });
    acknowledge(lambda, { 'Serverless-LambdaAsyncFailureDestination': reason });
    return lambda;
  }

  #outputs(): void {
    const { region } = Stack.of(this);
    new CfnOutput(this, 'ApiUrl', { value: this.apiUrl, description: 'PREFECT_API_URL' });
    new CfnOutput(this, 'TableName', { value: this.table.tableName });
    new CfnOutput(this, 'FirstKey', {
      value: `npx --no dibs key create first --role admin --table ${this.table.tableName} --region ${region}`,
      description: 'Creates the first API key, with your own AWS credentials',
    });
  }
}
