import { Duration } from 'aws-cdk-lib';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledged.ts';
import { DibsFunction, type FunctionSettings } from './functions.ts';

/** The table's stream: state changes of runs go to an event bus, what expired runs leave behind goes. */
export class DibsEvents extends Construct {
  readonly function: DibsFunction;
  /** What could not be told: where it lies in the stream, for 24 hours. */
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
      'AwsSolutions-SQS3': 'It is itself where failures end.',
      'Serverless-SQSRedrivePolicy': 'It is itself where failures end.',
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
        // Only writes to runs: a call for anything else would cost, and find nothing to tell.
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
      'AwsSolutions-IAM5[Resource::*]': 'dynamodb:ListStreams knows no finer resource.',
    });
  }
}
