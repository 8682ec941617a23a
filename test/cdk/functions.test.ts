import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { beforeAll, describe, expect, test } from 'vitest';
import { Dibs } from '../../cdk/index.ts';
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

describe('the Lambdas', () => {
  test('are six, on arm64 and Node 24, each with a role and a log group of its own', () => {
    const lambdas = resources(plain, 'AWS::Lambda::Function');
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
    for (const { Properties: role } of resources(plain, 'AWS::IAM::Role')) {
      expect(role).not.toHaveProperty('ManagedPolicyArns');
    }
    const statements = resources(plain, 'AWS::IAM::Policy').flatMap(
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
      resources(plain, 'AWS::IAM::Policy')
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
    for (const { Properties: group } of resources(plain, 'AWS::Logs::LogGroup')) {
      expect(group.RetentionInDays).toBe(30);
    }
    const longer = synthesize({ logRetention: RetentionDays.ONE_YEAR });
    for (const { Properties: group } of resources(longer, 'AWS::Logs::LogGroup')) {
      expect(group.RetentionInDays).toBe(365);
    }
  });

  test('scheduler and sweeper are called every minute', () => {
    const rules = resources(plain, 'AWS::Events::Rule');
    expect(rules.map(({ Properties: rule }) => rule.ScheduleExpression)).toEqual([
      'rate(1 minute)',
      'rate(1 minute)',
    ]);
    for (const { Properties: rule } of rules) expect(rule.State).toBe('ENABLED');
    // And what is asked for a minute ago is not called any more.
    const invoked = resources(plain, 'AWS::Lambda::EventInvokeConfig').map((one) => one.Properties);
    expect(invoked.map((one) => JSON.stringify(one.FunctionName))).toEqual([
      expect.stringContaining('Scheduler'),
      expect.stringContaining('Sweeper'),
    ]);
    for (const one of invoked) {
      expect(one).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
    }
  });
});

test('two of them live in one stack', () => {
  const two = synthesize({}, { more: (stack) => void new Dibs(stack, 'Second') });
  two.template.resourceCountIs('AWS::DynamoDB::Table', 2);
  const stacks = resources(two, 'AWS::Lambda::Function').map(
    (one) => one.Properties.Environment.Variables.DIBS_STACK,
  );
  expect(new Set(stacks).size).toBe(2);
  const logs = resources(two, 'AWS::Logs::LogGroup').flatMap(
    ({ Properties: group }) => group.LogGroupName ?? [],
  );
  expect(new Set(logs).size).toBe(2);
  for (const name of logs) expect(name).toMatch(/^\/aws\/vendedlogs\/dibs\/Stack\w+$/);
});
