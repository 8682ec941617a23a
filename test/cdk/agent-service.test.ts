import { type Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { type IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerImage, type ICluster } from 'aws-cdk-lib/aws-ecs';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { beforeAll, expect, test } from 'vitest';
import { type Dibs, DibsAgentService, type DibsAgentServiceProps } from '../../cdk/index.ts';
import { createProgram } from '../../cli/program.ts';
import { ensureBundles, synthesize } from './synth.ts';

beforeAll(() => ensureBundles());

function agents(props: Partial<DibsAgentServiceProps> = {}): Template {
  const { stack } = synthesize(
    {},
    {
      more: (stack, dibs) =>
        void new DibsAgentService(stack, 'Agents', {
          ...given(stack, dibs, new Vpc(stack, 'Vpc') as IVpc),
          ...props,
        }),
    },
  );
  return Template.fromStack(stack);
}

const given = (stack: Stack, dibs: Dibs, vpc: IVpc): DibsAgentServiceProps => ({
  dibs,
  pool: 'etl',
  image: ContainerImage.fromRegistry('my/agent'),
  apiKey: new Secret(stack, 'Secret') as ISecret,
  vpc,
});

test('is a Fargate service on arm64, with the tasks it has at a deployment, and rolls back what does not start', () => {
  const template = agents();
  template.hasResourceProperties('AWS::ECS::TaskDefinition', {
    RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
    RequiresCompatibilities: ['FARGATE'],
  });
  template.hasResourceProperties('AWS::ECS::Service', {
    DesiredCount: Match.absent(),
    DeploymentConfiguration: Match.objectLike({
      DeploymentCircuitBreaker: { Enable: true, Rollback: true },
    }),
    CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1 }],
  });
});

test('its own cluster has the capacity providers of Fargate, before the service and for longer', () => {
  const template = agents({ spot: true });
  const associations = template.findResources('AWS::ECS::ClusterCapacityProviderAssociations', {
    Properties: { CapacityProviders: ['FARGATE', 'FARGATE_SPOT'] },
  });
  const [id] = Object.keys(associations);
  template.hasResource('AWS::ECS::Service', {
    Properties: { CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }] },
    DependsOn: Match.arrayWith([id]),
  });
});

test('a cluster that is given needs capacity providers for spot alone', () => {
  const service = (spot: boolean) => {
    const { stack } = synthesize(
      {},
      {
        more: (stack, dibs) => {
          const vpc = new Vpc(stack, 'Vpc') as IVpc;
          new DibsAgentService(stack, 'Agents', {
            ...given(stack, dibs, vpc),
            cluster: new Cluster(stack, 'Mine', { vpc }) as ICluster,
            spot,
          });
        },
      },
    );
    const [one] = Object.values(Template.fromStack(stack).findResources('AWS::ECS::Service'));
    return one?.['Properties'];
  };
  expect(service(false)).toMatchObject({ LaunchType: 'FARGATE' });
  expect(service(false)).not.toHaveProperty('CapacityProviderStrategy');
  expect(service(true)).toMatchObject({
    CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT' }],
  });
});

test('has its key from Secrets Manager and from nowhere else; it ends within Fargate’s two minutes', () => {
  const template = agents({ limit: 4 });
  const [task] = Object.values(template.findResources('AWS::ECS::TaskDefinition'));
  const [container] = task?.['Properties'].ContainerDefinitions ?? [];
  expect(container.Environment.map(({ Name }: { Name: string }) => Name)).toEqual(['DIBS_API_URL']);
  expect(container.Secrets).toEqual([
    { Name: 'DIBS_API_KEY', ValueFrom: { Ref: expect.stringMatching(/^Secret/) } },
  ]);
  expect(container).toMatchObject({
    StopTimeout: 120,
    LinuxParameters: { InitProcessEnabled: true },
  });
  const words = container.Command as string[];
  expect(Number(words[words.indexOf('--drain-seconds') + 1])).toBeLessThan(120 - 15);
  // The command line understands it.
  const start = createProgram()
    .commands.find((command) => command.name() === 'agent')
    ?.commands.find((command) => command.name() === 'start');
  start?.action(() => {});
  start?.parseOptions(words.slice(2));
  expect(start?.opts()).toMatchObject({ pool: 'etl', limit: 4, json: true });
});

test('more tasks while runs wait, one less while an agent is idle, down to none', () => {
  const template = agents({ maxTasks: 8 });
  template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
    MinCapacity: 0,
    MaxCapacity: 8,
  });
  const policies = template.findResources('AWS::ApplicationAutoScaling::ScalingPolicy');
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'))
    .map((one) => one['Properties'])
    .filter(({ Dimensions }) => Dimensions?.some(({ Name }: { Name: string }) => Name === 'pool'));
  const scales = alarms.map((alarm) => {
    expect([alarm.Namespace, alarm.Period]).toEqual(['dibs', 60]);
    expect(alarm.Dimensions).toContainEqual({ Name: 'pool', Value: 'etl' });
    expect(alarm.Dimensions).toContainEqual({ Name: 'service', Value: 'dibs' });
    expect(alarm).not.toHaveProperty('Metrics');
    expect(alarm.ComparisonOperator).toBe('GreaterThanOrEqualToThreshold');
    const policy = policies[alarm.AlarmActions[0].Ref]?.['Properties'];
    const steps = policy.StepScalingPolicyConfiguration.StepAdjustments as {
      ScalingAdjustment: number;
    }[];
    return [
      alarm.MetricName,
      alarm.Statistic,
      alarm.Threshold,
      steps.map((step) => step.ScalingAdjustment),
    ];
  });
  expect(scales).toEqual([
    ['backlog', 'Maximum', 1, [1, 2, 4]],
    ['idle', 'Minimum', 1, [-1]],
  ]);
});

test('may protect tasks of its own cluster, and nothing else', () => {
  const policies = Object.values(agents().findResources('AWS::IAM::Policy')).map(
    (one) => one['Properties'],
  );
  const [own] = policies.filter(({ PolicyName }) => PolicyName.startsWith('AgentsTaskTaskRole'));
  expect(own.PolicyDocument.Statement).toEqual([
    {
      Action: ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'],
      Effect: 'Allow',
      Resource: '*',
      Condition: {
        ArnEquals: {
          'ecs:cluster': { 'Fn::GetAtt': [expect.stringMatching(/^AgentsCluster/), 'Arn'] },
        },
      },
    },
  ]);
});

const token = Token.asNumber({ Ref: 'Parameter' });
test('a VPC in which no task would reach the API is refused', () => {
  const more = (stack: Stack, dibs: Dibs) => {
    const vpc = new Vpc(stack, 'Vpc', { natGateways: 0 }) as IVpc;
    const props = given(stack, dibs, vpc);
    new DibsAgentService(stack, 'Public', { ...props, assignPublicIp: true });
    new DibsAgentService(stack, 'Agents', props);
  };
  expect(() => synthesize({}, { more })).toThrow(/Agents\] vpc has no private subnets/);
});

test('a control plane without metrics is refused: nothing would say when a task is to come', () => {
  const more = (stack: Stack, dibs: Dibs) =>
    void new DibsAgentService(stack, 'Agents', given(stack, dibs, new Vpc(stack, 'Vpc') as IVpc));
  expect(() => synthesize({ metrics: false }, { more })).toThrow(
    /Agents\] dibs has metrics: false/,
  );
});

test.each<[string, object, string]>([
  ['minTasks over maxTasks', { minTasks: 3, maxTasks: 2 }, 'maxTasks must be 3 (minTasks) or more'],
  ['no limit', { limit: 0 }, 'limit must be a whole number from 1 to 1000, not 0'],
  ['a limit of later', { limit: token }, 'not a value that is known only at deployment'],
  ['maxTasks of later', { maxTasks: token }, 'not a value that is known only at deployment'],
  ['no pool', { pool: undefined }, 'pool must be the name of a work pool'],
  ['a blank pool', { pool: ' ' }, 'the first not ":", not " "'],
  ['a pool with a colon', { pool: ':etl' }, 'not ":etl"'],
  ['a pool that is not ASCII', { pool: 'größe' }, 'not "größe"'],
  ['a long pool', { pool: 'x'.repeat(256) }, '1 to 255 characters'],
  ['no cpu', { cpu: 0 }, 'cpu must be a whole number from 256 to 65536, not 0'],
  ['cpu not a number', { cpu: Number.NaN }, 'not NaN'],
  ['negative memory', { memoryLimitMiB: -1 }, 'memoryLimitMiB must be a whole number from 512'],
  ['null', { cluster: null }, 'cluster is null: leave it out'],
  ['an unknown prop', { maxTask: 3 }, 'there is no prop "maxTask"'],
  ['no key', { apiKey: 'dibs_…' }, 'apiKey must be a secret of Secrets Manager'],
])('bad props are refused, with the path of the construct: %s', (_, props, says) => {
  expect(() => agents(props)).toThrow('[Stack/Agents] ');
  expect(() => agents(props)).toThrow(says);
});
