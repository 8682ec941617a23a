import { RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { beforeAll, describe, expect, test } from 'vitest';
import { TABLE } from '../../store/table/table.ts';
import {
  ensureBundles,
  type Properties,
  resources,
  type Synthesized,
  synthesize,
} from './synth.ts';

let plain: Synthesized;
beforeAll(async () => {
  await ensureBundles();
  plain = synthesize();
});

describe('the table', () => {
  test('is paid by request, restored by the second, expires, streams, and outlives its stack', () => {
    plain.template.hasResource('AWS::DynamoDB::Table', {
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
        DeletionProtectionEnabled: true,
        TableName: Match.absent(),
      },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('has the keys and indexes that the local one has', () => {
    const [table] = resources(plain, 'AWS::DynamoDB::Table');
    const keys = (schema: { AttributeName: string }[]) => schema.map((one) => one.AttributeName);
    expect(keys(table?.Properties.KeySchema)).toEqual([TABLE.partitionKey, TABLE.sortKey]);
    const indexes = table?.Properties.GlobalSecondaryIndexes as Properties[];
    expect(
      indexes.map((index) => [
        index.IndexName,
        keys(index.KeySchema),
        index.Projection.NonKeyAttributes ?? [],
      ]),
    ).toEqual(
      TABLE.indexes.map((one) => [one.name, [one.partitionKey, one.sortKey], [...one.projected]]),
    );
  });

  test('goes with its stack where that is asked for', () => {
    synthesize({ removalPolicy: RemovalPolicy.DESTROY }).template.hasResource(
      'AWS::DynamoDB::Table',
      {
        Properties: { DeletionProtectionEnabled: false },
        DeletionPolicy: 'Delete',
      },
    );
  });

  test('may be one that was restored: then none is made, and all Lambdas use it', () => {
    const tableArn = 'arn:aws:dynamodb:eu-central-1:111111111111:table/Work-restored';
    const tableStreamArn = `${tableArn}/stream/2026-11-24T00:00:00.000`;
    const restored = synthesize((stack) => ({
      table: Table.fromTableAttributes(stack, 'Restored', { tableArn, tableStreamArn }),
    }));
    restored.template.resourceCountIs('AWS::DynamoDB::Table', 0);
    for (const { Properties: lambda } of resources(restored, 'AWS::Lambda::Function')) {
      expect(JSON.stringify(lambda.Environment.Variables.DIBS_TABLE)).toContain('Work-restored');
    }
    const text = JSON.stringify(restored.template.findResources('AWS::IAM::Policy'));
    for (const { name } of TABLE.indexes) expect(text).toContain(`${tableArn}/index/${name}`);
    restored.template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: tableStreamArn,
    });
    const blind = (stack: Stack) => ({ table: Table.fromTableArn(stack, 'Restored', tableArn) });
    expect(() => synthesize(blind)).toThrow('[Stack/Dibs] table needs its stream');
  });

  test('takes a key of the user’s, and so do the roles and the queue', () => {
    const keyed = synthesize((stack) => ({ encryptionKey: new Key(stack, 'Key') }));
    keyed.template.hasResourceProperties('AWS::DynamoDB::Table', {
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    });
    keyed.template.hasResourceProperties('AWS::SQS::Queue', { KmsMasterKeyId: Match.anyValue() });
    const policies = resources(keyed, 'AWS::IAM::Policy').filter((policy) =>
      JSON.stringify(policy).includes('kms:Decrypt'),
    );
    expect(policies).toHaveLength(resources(keyed, 'AWS::Lambda::Function').length);
    for (const policy of policies) expect(JSON.stringify(policy)).toContain('kms:DescribeKey');
  });
});
