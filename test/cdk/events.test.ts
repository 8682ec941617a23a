import { Match } from 'aws-cdk-lib/assertions';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { beforeAll, describe, expect, test } from 'vitest';
import { ensureBundles, resources, type Synthesized, synthesize } from './synth.ts';

let plain: Synthesized;
beforeAll(async () => {
  await ensureBundles();
  plain = synthesize();
});

describe('events', () => {
  test('come from the stream: what cannot be told ends in a queue, and holds up nothing', () => {
    plain.template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10,
      MaximumRecordAgeInSeconds: 21_600,
      StartingPosition: 'TRIM_HORIZON',
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
    const [mapping] = resources(plain, 'AWS::Lambda::EventSourceMapping');
    const [filter] = mapping?.Properties.FilterCriteria.Filters ?? [];
    expect(JSON.parse(filter.Pattern)).toEqual({
      eventName: ['INSERT', 'MODIFY', 'REMOVE'],
      dynamodb: { Keys: { pk: { S: [{ prefix: 'RUN#' }] }, sk: { S: ['#'] } } },
    });
    plain.template.hasResourceProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
    plain.template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Effect: 'Deny',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ],
      },
    });
  });

  test('go to a bus of the user’s', () => {
    const own = synthesize((stack) => ({ events: new EventBus(stack, 'Bus') as IEventBus }));
    const [bus] = Object.keys(own.template.findResources('AWS::Events::EventBus'));
    own.template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'events:PutEvents',
            Resource: { 'Fn::GetAtt': [bus, 'Arn'] },
          }),
        ]),
      },
    });
  });

  test('are not told where they are not wanted; the stream still tidies up behind expired runs', () => {
    const without = synthesize({ events: false });
    const [mapping] = resources(without, 'AWS::Lambda::EventSourceMapping');
    const [filter] = mapping?.Properties.FilterCriteria.Filters ?? [];
    expect(JSON.parse(filter.Pattern).eventName).toEqual(['REMOVE']);
    const text = JSON.stringify(without.template.toJSON());
    expect(text).not.toContain('events:PutEvents');
    expect(text).not.toContain('DIBS_EVENT_BUS');
  });
});
