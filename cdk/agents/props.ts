import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { ContainerImage, ICluster } from 'aws-cdk-lib/aws-ecs';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Dibs } from '../dibs.ts';

export interface DibsAgentServiceProps {
  /** The control plane from which the agents claim runs. */
  readonly dibs: Dibs;
  /**
   * The name of the work pool: `dibs pool create`. The pool and the key must exist when this is
   * deployed, because one task starts at once. Choose a pool that no other agents poll: when those
   * are idle, tasks of this service would be removed.
   */
  readonly pool: string;
  /**
   * An image with dibs and your flows: docs/deploy.md has a Dockerfile of a few lines. It must be
   * for arm64: `ContainerImage.fromAsset(folder, { platform: Platform.LINUX_ARM64 })`.
   */
  readonly image: ContainerImage;
  /**
   * An API key of role `agent`, as plain text: `dibs key create NAME --role agent --pool POOL`.
   * Tasks read the value when they start, so a new value applies to new tasks.
   */
  readonly apiKey: ISecret;
  /**
   * Where the tasks run. They must reach the API: by a NAT gateway, or a public IP
   * (`assignPublicIp`).
   */
  readonly vpc: IVpc;
  /** @default the private subnets; with `assignPublicIp`, the public ones */
  readonly vpcSubnets?: SubnetSelection;
  /** @default a new group that allows all outbound traffic and no inbound traffic */
  readonly securityGroups?: ISecurityGroup[];
  /**
   * Use this without a NAT gateway, which costs more per month than an idle agent.
   * @default false
   */
  readonly assignPublicIp?: boolean;
  /**
   * With `spot` the cluster must have Fargate's capacity providers
   * (`enableFargateCapacityProviders`).
   * @default a new cluster
   */
  readonly cluster?: ICluster;
  /** How many runs one task executes at once. @default 1 */
  readonly limit?: number;
  /** CPU units of a task; 1024 units are one core. @default 512 */
  readonly cpu?: number;
  /** Memory of a task in MiB. It must suffice for `limit` of your processes. @default 1024 */
  readonly memoryLimitMiB?: number;
  /**
   * The least number of tasks, even while no run waits.
   * @default 0: then the first run waits 2 to 4 minutes for a task
   */
  readonly minTasks?: number;
  /** The largest number of tasks. @default 10 */
  readonly maxTasks?: number;
  /**
   * Use spare capacity of AWS, at about a third of the price. AWS may stop a task with two minutes'
   * notice.
   * @default false
   */
  readonly spot?: boolean;
  /** How long the agents' logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
}
