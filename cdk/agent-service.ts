import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AdjustmentType } from 'aws-cdk-lib/aws-applicationautoscaling';
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
import type { Dibs } from './dibs.ts';

export interface DibsAgentServiceProps {
  /** The control plane that it asks for runs. */
  readonly dibs: Dibs;
  /** The work pool. It must be there before the first agent starts: `dibs pool create`. */
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
  /** @default a new cluster */
  readonly cluster?: ICluster;
  /** Runs at once in one task. @default 1 */
  readonly limit?: number;
  /** CPU units of a task; 1024 are one core. @default 512 */
  readonly cpu?: number;
  /** Memory of a task in MiB: for `limit` processes of yours. @default 1024 */
  readonly memoryLimitMiB?: number;
  /** Tasks that are there while nothing waits. @default 0: the first run then waits for a task, a minute or two */
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
 * Agents of one pool on ECS Fargate (arm64): as many tasks as there are runs to claim, none when there are
 * none. A task that holds runs is spared when the service scales in; one that has to stop lets its runs end
 * for 100 seconds, then gives the rest back.
 */
export class DibsAgentService extends Construct {
  readonly service: FargateService;
  readonly taskDefinition: FargateTaskDefinition;

  constructor(scope: Construct, id: string, props: DibsAgentServiceProps) {
    super(scope, id);
    const { minTasks = 0, maxTasks = 10, limit = 1 } = props;
    validate(this, { minTasks, maxTasks, limit, pool: props.pool });
    const cluster = props.cluster ?? (new Cluster(this, 'Cluster', { vpc: props.vpc }) as ICluster);
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
      desiredCount: minTasks,
      minHealthyPercent: 100,
      circuitBreaker: { rollback: true },
      assignPublicIp: props.assignPublicIp ?? false,
      ...(vpcSubnets ? { vpcSubnets } : {}),
      ...(securityGroups ? { securityGroups } : {}),
      capacityProviderStrategies: [
        { capacityProvider: props.spot ? 'FARGATE_SPOT' : 'FARGATE', weight: 1 },
      ],
    });
    this.#scale(props, { minTasks, maxTasks, limit });
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

  /**
   * By the backlog, which the sweeper tells each minute while something waits or somebody polls: what is
   * executed already does not count. Nothing waits: a task less. Who holds runs is spared.
   */
  #scale(
    { dibs, pool }: DibsAgentServiceProps,
    { minTasks, maxTasks, limit }: { minTasks: number; maxTasks: number; limit: number },
  ): void {
    const tasks = this.service.autoScaleTaskCount({
      minCapacity: minTasks,
      maxCapacity: maxTasks,
    });
    const many = Math.max(2, Math.ceil(maxTasks / 2));
    tasks.scaleOnMetric('Backlog', {
      metric: dibs.metricBacklog(pool),
      adjustmentType: AdjustmentType.CHANGE_IN_CAPACITY,
      evaluationPeriods: 1,
      cooldown: Duration.minutes(2),
      scalingSteps: [
        { upper: 0, change: -1 },
        { lower: 1, change: 1 },
        { lower: 2 * limit, change: Math.min(2, maxTasks) },
        { lower: many * limit + 2 * limit, change: many },
      ],
    });
  }
}

interface Numbers {
  readonly minTasks: number;
  readonly maxTasks: number;
  readonly limit: number;
  readonly pool: string;
}

function validate(scope: Construct, { minTasks, maxTasks, limit, pool }: Numbers): void {
  const whole = (value: number, from: number) => Number.isInteger(value) && value >= from;
  const faults = [
    ...(whole(minTasks, 0) ? [] : [`minTasks must be a whole number from 0 on, not ${minTasks}`]),
    ...(whole(maxTasks, 1) && maxTasks >= minTasks
      ? []
      : [`maxTasks must be a whole number from 1 on, and not below minTasks, not ${maxTasks}`]),
    ...(whole(limit, 1) && limit <= 1000 ? [] : [`limit must be 1 to 1000, not ${limit}`]),
    ...(pool.trim() === '' ? ['pool must be the name of a work pool'] : []),
  ];
  if (faults.length > 0) throw new Error(`[${scope.node.path}] ${faults.join('; ')}`);
}
