import type { Construct } from 'constructs';
import {
  type Faults,
  flag,
  has,
  isWhole,
  names,
  pool,
  refuse,
  retention,
  seen,
  whole,
} from '../faults.ts';
import type { DibsAgentServiceProps } from './props.ts';

const KNOWN = [
  'dibs',
  'pool',
  'image',
  'apiKey',
  'vpc',
  'vpcSubnets',
  'securityGroups',
  'assignPublicIp',
  'cluster',
  'limit',
  'cpu',
  'memoryLimitMiB',
  'minTasks',
  'maxTasks',
  'spot',
  'logRetention',
] as const satisfies (keyof DibsAgentServiceProps)[];

/** Refuses bad props at synthesis. */
export function validateAgents(scope: Construct, props: DibsAgentServiceProps): void {
  const { minTasks = 0, maxTasks = 10, limit = 1 } = props;
  refuse(scope, [
    ...names(KNOWN, props as unknown as Readonly<Record<string, unknown>>),
    ...has('dibs', props.dibs, 'metricBacklog', 'a Dibs'),
    ...(props.dibs?.tellsMetrics === false
      ? ['dibs has metrics: false, but tasks are added and removed by its metrics']
      : []),
    ...pool(props.pool),
    ...has('image', props.image, 'bind', 'a ContainerImage'),
    ...has('apiKey', props.apiKey, 'secretArn', 'a secret of Secrets Manager'),
    ...has('vpc', props.vpc, 'vpcId', 'a VPC'),
    ...wayOut(props),
    ...known('minTasks', minTasks, 0),
    ...known('maxTasks', maxTasks, 1),
    ...(Number.isInteger(minTasks) && Number.isInteger(maxTasks) && maxTasks < minTasks
      ? [`maxTasks must be ${minTasks} (minTasks) or more, not ${maxTasks}`]
      : []),
    ...known('limit', limit, 1),
    ...whole('cpu', props.cpu, 256, 65_536),
    ...whole('memoryLimitMiB', props.memoryLimitMiB, 512, 1_048_576),
    ...retention(props.logRetention),
    ...flag('assignPublicIp', props.assignPublicIp),
    ...flag('spot', props.spot),
  ]);
}

/**
 * A VPC that was looked up is not checked, nor one whose subnets were chosen: its owner knows it.
 */
const wayOut = ({ vpc, vpcSubnets, assignPublicIp }: DibsAgentServiceProps): Faults =>
  vpc?.privateSubnets?.length === 0 && !vpcSubnets && !assignPublicIp
    ? ['vpc has no private subnets with a NAT gateway: set assignPublicIp, or vpcSubnets']
    : [];

/** The scaling steps are computed from this number, so it must be known at synthesis. */
const known = (name: string, value: unknown, from: number): Faults =>
  value === null || isWhole(value, from, 1000)
    ? []
    : [`${name} must be a whole number from ${from} to 1000, not ${seen(value)}`];
