import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import {
  Cluster,
  type ContainerImage,
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
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledged.ts';
import { scaleByBacklog } from './agent-scaling.ts';
import type { Dibs } from './dibs.ts';
import { validateAgents } from './validate-agents.ts';

export interface DibsAgentServiceProps {
  /** The control plane that it asks for runs. */
  readonly dibs: Dibs;
  /**
   * The work pool. It and the key must be there when this is deployed, for it starts with one task:
   * `dibs pool create`. Name no pool in which other agents poll, too: their idling would end these.
   */
  readonly pool: string;
  /**
   * Holds dibs and your flows: docs/deploy.md has a Dockerfile of a few lines. For arm64:
   * `ContainerImage.fromAsset(folder, { platform: Platform.LINUX_ARM64 })`.
   */
  readonly image: ContainerImage;
  /**
   * A key of role `agent`, as plain text: `dibs key create NAME --role agent --pool POOL`. A new value is
   * read by tasks that start after it.
   */
  readonly apiKey: ISecret;
  /** Where the tasks run. They need a way to the API: a NAT gateway, or a public IP (`assignPublicIp`). */
  readonly vpc: IVpc;
  /** @default the private subnets; with `assignPublicIp` the public ones */
  readonly vpcSubnets?: SubnetSelection;
  /** @default a new one, which lets everything out and nothing in */
  readonly securityGroups?: ISecurityGroup[];
  /** Without a NAT gateway, which costs more per month than an idle agent. @default false */
  readonly assignPublicIp?: boolean;
  /**
   * With `spot` it must have the capacity providers of Fargate (`enableFargateCapacityProviders`).
   * @default a new cluster
   */
  readonly cluster?: ICluster;
  /** Runs at once in one task. @default 1 */
  readonly limit?: number;
  /** CPU units of a task; 1024 are one core. @default 512 */
  readonly cpu?: number;
  /** Memory of a task in MiB: for `limit` processes of yours. @default 1024 */
  readonly memoryLimitMiB?: number;
  /** Tasks that are there while nothing waits. @default 0: the first run then waits 2 to 4 minutes for a task */
  readonly minTasks?: number;
  /** @default 10 */
  readonly maxTasks?: number;
  /** Spare capacity at about a third of the price; AWS takes a task back with two minutes' notice. @default false */
  readonly spot?: boolean;
  /** @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
}

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
