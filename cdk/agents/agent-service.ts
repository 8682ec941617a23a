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

/** Fargate kills a task so long after it asked it to stop: its own bound. */
const STOP = Duration.seconds(120);
/** Then what has not ended is given back: it leaves time for children to end, and to say so. */
const DRAIN_SECONDS = 100;

/**
 * Agents of one pool on ECS Fargate (arm64): more tasks while runs wait, one less while one is idle, down to
 * none; it starts with one. A task that holds runs is spared when the service scales in; one that has to stop
 * lets its runs end for 100 seconds, then gives the rest back.
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
        // A task's id is not known before; its cluster is.
        resources: ['*'],
        conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } },
      }),
    );
    acknowledge(this, {
      'AwsSolutions-IAM5[Resource::*]':
        'A task protects itself; which id it will have is not known before.',
      'AwsSolutions-ECS2':
        'The variable is the address of the API; the key comes from Secrets Manager.',
      'AwsSolutions-ECS4':
        'Container Insights costs by the task; agents tell what they do in their log.',
    });
    const { vpcSubnets, securityGroups } = props;
    this.service = new FargateService(this, 'Service', {
      cluster,
      taskDefinition: this.taskDefinition,
      // No desiredCount: each deployment would stop or start tasks until it is so many again.
      minHealthyPercent: 100,
      circuitBreaker: { rollback: true },
      assignPublicIp: props.assignPublicIp ?? false,
      ...(vpcSubnets ? { vpcSubnets } : {}),
      ...(securityGroups ? { securityGroups } : {}),
      // A cluster that is given may have no capacity providers: on demand it needs none.
      ...(props.spot || !props.cluster
        ? {
            capacityProviderStrategies: [
              { capacityProvider: props.spot ? 'FARGATE_SPOT' : 'FARGATE', weight: 1 },
            ],
          }
        : {}),
    });
    // After the cluster's capacity providers, and gone before them.
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
      // Processes that flows leave behind are reaped.
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
