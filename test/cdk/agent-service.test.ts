import { Match, Template } from 'aws-cdk-lib/assertions';
import { type IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { beforeAll, expect, test } from 'vitest';
import { DibsAgentService, type DibsAgentServiceProps } from '../../cdk/index.ts';
import { createProgram } from '../../cli/program.ts';
import { ensureBundles, synthesize } from './synth.ts';

beforeAll(() => ensureBundles());

function agents(props: Partial<DibsAgentServiceProps> = {}): Template {
  const { stack } = synthesize(
    {},
    {
      more: (stack, dibs) =>
        void new DibsAgentService(stack, 'Agents', {
          dibs,
          pool: 'etl',
          image: ContainerImage.fromRegistry('my/agent'),
          apiKey: new Secret(stack, 'Secret') as ISecret,
          vpc: new Vpc(stack, 'Vpc') as IVpc,
          ...props,
        }),
    },
  );
  return Template.fromStack(stack);
}

test('is a Fargate service on arm64 that starts with no task, and rolls back what does not start', () => {
  const template = agents();
  template.hasResourceProperties('AWS::ECS::TaskDefinition', {
    RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
    RequiresCompatibilities: ['FARGATE'],
  });
  template.hasResourceProperties('AWS::ECS::Service', {
    DesiredCount: 0,
    DeploymentConfiguration: Match.objectLike({
      DeploymentCircuitBreaker: { Enable: true, Rollback: true },
    }),
    CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1 }],
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

test('scales by the backlog of its pool, down to none', () => {
  const template = agents({ maxTasks: 8 });
  template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
    MinCapacity: 0,
    MaxCapacity: 8,
  });
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'))
    .map((one) => one['Properties'])
    .filter(({ MetricName }) => MetricName === 'backlog');
  expect(alarms).toHaveLength(2);
  for (const { Namespace, Dimensions, Period } of alarms) {
    expect([Namespace, Period]).toEqual(['dibs', 60]);
    expect(Dimensions).toContainEqual({ Name: 'pool', Value: 'etl' });
    expect(Dimensions).toContainEqual({ Name: 'service', Value: 'dibs' });
  }
  const steps = Object.values(
    template.findResources('AWS::ApplicationAutoScaling::ScalingPolicy'),
  ).flatMap((one) => one['Properties'].StepScalingPolicyConfiguration.StepAdjustments);
  expect(steps.some(({ ScalingAdjustment }) => ScalingAdjustment === -1)).toBe(true);
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

test.each([
  [{ minTasks: 3, maxTasks: 2 }, 'maxTasks must be'],
  [{ limit: 0 }, 'limit must be 1 to 1000, not 0'],
  [{ pool: ' ' }, 'pool must be the name of a work pool'],
])('bad props are refused, with the path of the construct: %j', (props, says) => {
  expect(() => agents(props)).toThrow('[Stack/Agents] ');
  expect(() => agents(props)).toThrow(says);
});
