import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  Cluster,
  CpuArchitecture,
  Secret as EcsSecret,
  FargateService,
  FargateTaskDefinition,
  type ICluster,
  LinuxParameters,
  LogDriver,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledged.ts';
import { scaleByBacklog } from './agent-scaling.ts';
import type { DibsAgentServiceProps } from './props.ts';
import { validateAgents } from './validate-agents.ts';

/**
 * How long Fargate waits after it asked a task to stop before it kills it. 120 s is the most it
 * allows.
 */
const STOP = Duration.seconds(120);
/**
 * Then the agent gives unfinished runs back. The rest of STOP lets child processes end and report
 * it.
 */
const DRAIN_SECONDS = 100;

/**
 * Agents of one pool on ECS Fargate (arm64). It adds tasks while runs wait and removes one at a
 * time while an agent is idle, down to none. It starts with one. A task that holds runs is
 * protected when the service scales in. A task that has to stop lets its runs finish for 100
 * seconds, then gives the rest back.
 */
export class DibsAgentService extends Construct {
  readonly service: FargateService;
  readonly taskDefinition: FargateTaskDefinition;

  constructor(scope: Construct, id: string, props: DibsAgentServiceProps) {
    super(scope, id);
    const { minTasks = 0, maxTasks = 10, limit = 1 } = props;
    validateAgents(this, props);
    const cluster = props.cluster ?? this.#cluster(props);
    this.taskDefinition = this.#task(props, limit);
    this.taskDefinition.addToTaskRolePolicy(
      new PolicyStatement({
        actions: ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'],
        // A task's id is not known in advance, but its cluster is.
        resources: ['*'],
        conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } },
      }),
    );
    acknowledge(this, {
      'AwsSolutions-IAM5[Resource::*]':
        'A task protects itself, and its id is not known in advance.',
      'AwsSolutions-ECS2':
        'The variable is the address of the API; the key comes from Secrets Manager.',
      'AwsSolutions-ECS4':
        'Container Insights costs money for each task; agents report what they do in their log.',
    });
    const { vpcSubnets, securityGroups } = props;
    this.service = new FargateService(this, 'Service', {
      cluster,
      taskDefinition: this.taskDefinition,
      // No desiredCount: each deployment would start or stop tasks until there are that many.
      minHealthyPercent: 100,
      circuitBreaker: { rollback: true },
      assignPublicIp: props.assignPublicIp ?? false,
      ...(vpcSubnets ? { vpcSubnets } : {}),
      ...(securityGroups ? { securityGroups } : {}),
      // A given cluster may have no capacity providers. Without spot, none is needed.
      ...(props.spot || !props.cluster
        ? {
            capacityProviderStrategies: [
              { capacityProvider: props.spot ? 'FARGATE_SPOT' : 'FARGATE', weight: 1 },
            ],
          }
        : {}),
    });
    // Created after the cluster's capacity providers, and deleted before them.
    if (!props.cluster) this.service.node.addDependency(cluster);
    const tasks = this.service.autoScaleTaskCount({
      minCapacity: minTasks,
      maxCapacity: maxTasks,
    });
    scaleByBacklog(tasks, props.dibs, { pool: props.pool, maxTasks, limit });
  }

  #cluster({ vpc }: DibsAgentServiceProps): ICluster {
    return new Cluster(this, 'Cluster', { vpc, enableFargateCapacityProviders: true }) as ICluster;
  }

  #task(props: DibsAgentServiceProps, limit: number): FargateTaskDefinition {
    const task = new FargateTaskDefinition(this, 'Task', {
      cpu: props.cpu ?? 512,
      memoryLimitMiB: props.memoryLimitMiB ?? 1024,
      runtimePlatform: {
        cpuArchitecture: CpuArchitecture.ARM64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
    });
    task.addContainer('Agent', {
      image: props.image,
      command: [
        ...['agent', 'start', '--json', '--pool', props.pool, '--limit', String(limit)],
        ...['--drain-seconds', String(DRAIN_SECONDS)],
      ],
      environment: { DIBS_API_URL: props.dibs.apiUrl },
      secrets: { DIBS_API_KEY: EcsSecret.fromSecretsManager(props.apiKey) },
      stopTimeout: STOP,
      // The init process reaps processes that flows leave behind.
      linuxParameters: new LinuxParameters(this, 'Linux', { initProcessEnabled: true }),
      logging: LogDriver.awsLogs({
        streamPrefix: 'agent',
        logGroup: new LogGroup(this, 'Logs', {
          retention: props.logRetention ?? RetentionDays.ONE_MONTH,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      }),
    });
    return task;
  }
}
