import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { ContainerImage, ICluster } from 'aws-cdk-lib/aws-ecs';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Dibs } from '../dibs.ts';

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
