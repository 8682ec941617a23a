import { Duration } from 'aws-cdk-lib';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledged.ts';
import { DibsFunction, type FunctionSettings } from './functions.ts';

/**
 * Handles the table's stream: sends state changes to an event bus, and cleans up after expired
 * runs.
 */
export class DibsEvents extends Construct {
  readonly function: DibsFunction;
  /**
   * The stream positions of records that could not be processed. The stream keeps records for 24
   * hours.
   */
  readonly failures: Queue;

  constructor(scope: Construct, id: string, { table, props, stackName }: FunctionSettings) {
    super(scope, id);
    const bus: IEventBus | undefined =
      props.events === false
        ? undefined
        : (props.events ?? EventBus.fromEventBusName(this, 'DefaultBus', 'default'));
    this.failures = new Queue(this, 'Failures', {
      retentionPeriod: Duration.days(14),
      enforceSSL: true,
      ...(props.encryptionKey
        ? { encryption: QueueEncryption.KMS, encryptionMasterKey: props.encryptionKey }
        : { encryption: QueueEncryption.SQS_MANAGED }),
    });
    acknowledge(this.failures, {
      'AwsSolutions-SQS3': 'This is itself the queue in which failures end.',
      'Serverless-SQSRedrivePolicy': 'This is itself the queue in which failures end.',
    });
    this.function = new DibsFunction(this, 'Stream', 'stream', {
      table,
      props,
      stackName,
      ...(bus ? { env: { DIBS_EVENT_BUS: bus.eventBusArn } } : {}),
    });
    bus?.grantPutEventsTo(this.function.role);
    this.function.function.addEventSource(
      new DynamoEventSource(table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 100,
        maxBatchingWindow: Duration.seconds(1),
        reportBatchItemFailures: true,
        bisectBatchOnError: true,
        retryAttempts: 10,
        maxRecordAge: Duration.hours(6),
        onFailure: new SqsDlq(this.failures),
        // Only writes to runs. A call for any other write would cost money and find nothing to do.
        filters: [
          FilterCriteria.filter({
            eventName: FilterRule.or(...(bus ? ['INSERT', 'MODIFY'] : []), 'REMOVE'),
            dynamodb: {
              Keys: {
                pk: { S: FilterRule.beginsWith('RUN#') },
                sk: { S: FilterRule.isEqual('#') },
              },
            },
          }),
        ],
      }),
    );
    acknowledge(this.function.role, {
      'AwsSolutions-IAM5[Resource::*]': 'dynamodb:ListStreams accepts no narrower resource.',
    });
  }
}
