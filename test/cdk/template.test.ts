import { type CfnElement, Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROUTES } from '../../api/routes.ts';
import { Dibs } from '../../cdk/index.ts';
import { TABLE } from '../../store/table/table.ts';
import { ensureBundles, type Synthesized, synthesize } from './synth.ts';

let plain: Synthesized;
beforeAll(() => {
  ensureBundles();
  plain = synthesize();
});

const resources = (type: string, { template }: Synthesized = plain) =>
  Object.values(template.findResources(type)) as {
    [key: string]: unknown;
    Properties: Properties;
  }[];
// biome-ignore lint/suspicious/noExplicitAny: a template is JSON of any shape.
type Properties = any;

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
    const [table] = resources('AWS::DynamoDB::Table');
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
    for (const { Properties: lambda } of resources('AWS::Lambda::Function', restored)) {
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
    const policies = resources('AWS::IAM::Policy', keyed).filter((policy) =>
      JSON.stringify(policy).includes('kms:Decrypt'),
    );
    expect(policies).toHaveLength(resources('AWS::Lambda::Function', keyed).length);
    for (const policy of policies) expect(JSON.stringify(policy)).toContain('kms:DescribeKey');
  });
});

describe('the Lambdas', () => {
  test('are six, on arm64 and Node 24, each with a role and a log group of its own', () => {
    const lambdas = resources('AWS::Lambda::Function');
    expect(lambdas).toHaveLength(6);
    for (const { Properties: lambda } of lambdas) {
      expect(lambda).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
      });
      expect(lambda).not.toHaveProperty('FunctionName');
      expect(lambda.Environment.Variables).not.toHaveProperty('DIBS_API_KEY');
    }
    for (const part of ['Role', 'LoggingConfig']) {
      const own = lambdas.map(({ Properties: lambda }) => JSON.stringify(lambda[part]));
      expect(new Set(own).size).toBe(6);
    }
  });

  test('may do what they must: no managed policy, no action or resource that is a wildcard, but those listed', () => {
    for (const { Properties: role } of resources('AWS::IAM::Role')) {
      expect(role).not.toHaveProperty('ManagedPolicyArns');
    }
    const statements = resources('AWS::IAM::Policy').flatMap(
      ({ Properties: policy }) => policy.PolicyDocument.Statement as Properties[],
    );
    const actions = statements.flatMap(({ Action }) => Action as string);
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
    const wild = statements.flatMap(({ Action, Resource }) =>
      [Resource]
        .flat()
        .map((resource) => JSON.stringify(resource))
        .filter((text) => text.includes('*'))
        .map((text) => `${[Action].flat()}: ${text}`),
    );
    // AWS has no finer resource for this one.
    expect(wild).toEqual(['dynamodb:ListStreams: "*"']);
  });

  test('only the authorizer’s role reads no index, and the stream’s deletes and no more', () => {
    const actionsOf = (part: string) =>
      resources('AWS::IAM::Policy')
        .filter(({ Properties: policy }) => policy.PolicyName.includes(part))
        .flatMap(({ Properties: policy }) => policy.PolicyDocument.Statement as Properties[])
        .flatMap(({ Action }) => Action as string)
        .filter((action) => action.startsWith('dynamodb:'))
        .sort();
    expect(actionsOf('Authorizer')).toEqual(['dynamodb:GetItem', 'dynamodb:UpdateItem']);
    expect(actionsOf('EventsStream')).toEqual([
      'dynamodb:DeleteItem',
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
      'dynamodb:Query',
    ]);
    expect(actionsOf('WorkerApi')).not.toContain('dynamodb:DescribeTable');
    expect(actionsOf('WorkerApi')).not.toContain('dynamodb:Scan');
  });

  test('keep their logs for a month, or as long as is said', () => {
    for (const { Properties: group } of resources('AWS::Logs::LogGroup')) {
      expect(group.RetentionInDays).toBe(30);
    }
    const longer = synthesize({ logRetention: RetentionDays.ONE_YEAR });
    for (const { Properties: group } of resources('AWS::Logs::LogGroup', longer)) {
      expect(group.RetentionInDays).toBe(365);
    }
  });

  test('scheduler and sweeper are called every minute', () => {
    const rules = resources('AWS::Events::Rule');
    expect(rules.map(({ Properties: rule }) => rule.ScheduleExpression)).toEqual([
      'rate(1 minute)',
      'rate(1 minute)',
    ]);
    for (const { Properties: rule } of rules) expect(rule.State).toBe('ENABLED');
    // And what is asked for a minute ago is not called any more.
    const invoked = resources('AWS::Lambda::EventInvokeConfig').map((one) => one.Properties);
    expect(invoked.map((one) => JSON.stringify(one.FunctionName))).toEqual([
      expect.stringContaining('Scheduler'),
      expect.stringContaining('Sweeper'),
    ]);
    for (const one of invoked) {
      expect(one).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
    }
  });
});

describe('the API', () => {
  const routes = (from = plain) =>
    resources('AWS::ApiGatewayV2::Route', from).map((one) => one.Properties);

  test('has every route of the table and the default one, and no other', () => {
    const expected = Object.values(ROUTES).map(
      ({ method, path }) => `${method} ${path.replace(/\/$/, '')}`,
    );
    expect(
      routes()
        .map((route) => route.RouteKey)
        .sort(),
    ).toEqual([...expected, '$default'].sort());
    // API Gateway's quota, unless one asks for more.
    expect(routes().length).toBeLessThanOrEqual(300);
  });

  test('a route is a resource by its method and path alone: no upgrade makes one that is there', () => {
    const template = plain.template.findResources('AWS::ApiGatewayV2::Route');
    const http = plain.dibs.node.findChild('Http').node;
    for (const [id, { Properties: route }] of Object.entries(template)) {
      if (route.RouteKey === '$default') continue;
      // Nor does another name of a parameter.
      const child = http.findChild(
        route.RouteKey.replaceAll(/\{\w+\}/g, '{}').replaceAll('/', '--'),
      );
      expect(plain.stack.getLogicalId(child.node.defaultChild as CfnElement)).toBe(id);
    }
  });

  test('asks the authorizer at every route, but where none is needed', () => {
    const open = Object.values(ROUTES)
      .filter(({ access }) => access === 'anyone')
      .map(({ method, path }) => `${method} ${path}`);
    const unasked = routes().filter((route) => route.AuthorizationType !== 'CUSTOM');
    expect(unasked.map((route) => route.RouteKey)).toEqual(open);
  });

  test('keeps the authorizer’s answers for a minute, by the header, or for as long as is said', () => {
    const authorizer = (ttl: number) => ({
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.Authorization'],
      AuthorizerResultTtlInSeconds: ttl,
    });
    plain.template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', authorizer(60));
    const never = synthesize({ authorizerCache: Duration.seconds(0) });
    never.template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', authorizer(0));
  });

  test('is throttled, and logs requests without their content', () => {
    const [stage] = resources('AWS::ApiGatewayV2::Stage');
    expect(stage?.Properties).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 2000, ThrottlingBurstLimit: 4000 },
    });
    const format = Object.values(
      JSON.parse(stage?.Properties.AccessLogSettings.Format),
    ) as string[];
    expect(format).not.toEqual([]);
    expect(format).toEqual(
      expect.arrayContaining([
        '$context.error.message',
        '$context.integrationErrorMessage',
        '$context.authorizer.error',
      ]),
    );
    for (const field of format)
      expect(field).not.toMatch(/path|header|query|body|sourceIp|authorizer\.claims/i);
    const other = synthesize({ throttle: { rateLimit: 5, burstLimit: 7 }, accessLogs: false });
    const [its] = resources('AWS::ApiGatewayV2::Stage', other);
    expect(its?.Properties.DefaultRouteSettings).toEqual({
      ThrottlingRateLimit: 5,
      ThrottlingBurstLimit: 7,
    });
    expect(its?.Properties).not.toHaveProperty('AccessLogSettings');
  });

  test('has a name of the user’s, and tells it', () => {
    const arn = 'arn:aws:acm:eu-central-1:111111111111:certificate/1';
    const named = synthesize((stack) => ({
      domain: {
        name: 'dibs.example.com',
        certificate: Certificate.fromCertificateArn(stack, 'C', arn),
      },
    }));
    named.template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      DomainName: 'dibs.example.com',
    });
    named.template.resourceCountIs('AWS::ApiGatewayV2::ApiMapping', 1);
    expect(named.dibs.apiUrl).toBe('https://dibs.example.com/api');
    expect(named.dibs.domainTarget).toBeDefined();
  });
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
    const [mapping] = resources('AWS::Lambda::EventSourceMapping');
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
    const [mapping] = resources('AWS::Lambda::EventSourceMapping', without);
    const [filter] = mapping?.Properties.FilterCriteria.Filters ?? [];
    expect(JSON.parse(filter.Pattern).eventName).toEqual(['REMOVE']);
    const text = JSON.stringify(without.template.toJSON());
    expect(text).not.toContain('events:PutEvents');
    expect(text).not.toContain('DIBS_EVENT_BUS');
  });
});

describe('operations', () => {
  const NAMES = [
    'OldestWaiting',
    'Recoveries',
    'RecoveryFailures',
    'SchedulingFailures',
    'Throttled',
    'ServerErrors',
    'SchedulerSilent',
    'SweeperSilent',
    'SchedulerErrors',
    'SweeperErrors',
    'StreamFailures',
  ];
  test('has eleven alarms, without metric math; silence rings where it must', () => {
    const alarms = resources('AWS::CloudWatch::Alarm').map((one) => one.Properties);
    expect(Object.keys(plain.dibs.alarms)).toEqual(NAMES);
    expect(alarms).toHaveLength(NAMES.length);
    for (const alarm of alarms) {
      expect(alarm).not.toHaveProperty('Metrics');
      expect(alarm.AlarmDescription).toMatch(/See docs\/operations\.md, "\w+"\.$/);
      expect(alarm).not.toHaveProperty('AlarmActions');
    }
    const breaching = alarms.filter((alarm) => alarm.TreatMissingData === 'breaching');
    expect(
      breaching.map((alarm) => [alarm.MetricName, alarm.Period, alarm.EvaluationPeriods]),
    ).toEqual([
      ['Invocations', 300, 1],
      ['Invocations', 300, 1],
    ]);
  });

  test('tells a topic, by thresholds of the user’s', () => {
    const told = synthesize((stack) => ({
      alarms: { topic: new Topic(stack, 'Topic'), oldestWaiting: Duration.hours(1), recoveries: 3 },
    }));
    for (const { Properties: alarm } of resources('AWS::CloudWatch::Alarm', told)) {
      expect(alarm.AlarmActions).toEqual(alarm.OKActions);
      expect(alarm.AlarmActions).toHaveLength(1);
    }
    const threshold = (MetricName: string, Threshold: number) =>
      told.template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName, Threshold });
    threshold('oldest_waiting', 3600);
    threshold('recovered', 3);
  });

  test('alarms that need our metrics go with them; alarms and the dashboard can be left out', () => {
    const quiet = synthesize({ metrics: false, dashboard: false });
    expect(Object.keys(quiet.dibs.alarms)).toEqual(NAMES.slice(4));
    quiet.template.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
    synthesize({ alarms: false }).template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });

  test('tells where it is, and how the first key is made; no key is anywhere', () => {
    const outputs = plain.template.findOutputs('*');
    const text = JSON.stringify(outputs);
    expect(Object.keys(outputs)).toHaveLength(3);
    expect(text).toMatch(/npx --no dibs key create first --role admin --table /);
    expect(JSON.stringify(plain.template.toJSON())).not.toMatch(/dibs_[0-9a-f]{32}/);
  });
});

test('two of them live in one stack', () => {
  const two = synthesize({}, { more: (stack) => void new Dibs(stack, 'Second') });
  two.template.resourceCountIs('AWS::DynamoDB::Table', 2);
  const stacks = resources('AWS::Lambda::Function', two).map(
    (one) => one.Properties.Environment.Variables.DIBS_STACK,
  );
  expect(new Set(stacks).size).toBe(2);
  const logs = resources('AWS::Logs::LogGroup', two).flatMap(
    ({ Properties: group }) => group.LogGroupName ?? [],
  );
  expect(new Set(logs).size).toBe(2);
  for (const name of logs) expect(name).toMatch(/^\/aws\/vendedlogs\/dibs\/Stack\w+$/);
});
