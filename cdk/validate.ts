import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DibsProps } from './props.ts';

const KNOWN: ReadonlySet<string> = new Set<keyof DibsProps>([
  'table',
  'removalPolicy',
  'pointInTimeRecovery',
  'encryptionKey',
  'domain',
  'throttle',
  'authorizerCache',
  'memorySize',
  'logRetention',
  'accessLogs',
  'metrics',
  'events',
  'alarms',
  'dashboard',
]);

/** Bad props are refused at synthesis, with the path of the construct. */
export function validateProps(scope: Construct, props: DibsProps): void {
  const { table, throttle, authorizerCache: cache, memorySize, domain, alarms } = props;
  const faults = [
    ...Object.keys(props)
      .filter((name) => !KNOWN.has(name))
      .map((name) => `there is no prop "${name}"; there are ${[...KNOWN].join(', ')}`),
    ...(table && table.tableStreamArn === undefined
      ? ['table needs its stream: Table.fromTableAttributes(…, { tableArn, tableStreamArn })']
      : []),
    ...(throttle ? positive('throttle.rateLimit', throttle.rateLimit) : []),
    ...(throttle ? positive('throttle.burstLimit', throttle.burstLimit) : []),
    ...(cache && !within(cache.toSeconds(), 0, 3600)
      ? [`authorizerCache must be 0 to 3600 seconds, not ${cache.toSeconds()}`]
      : []),
    ...(memorySize !== undefined && !within(memorySize, 128, 10_240)
      ? [`memorySize must be a whole number from 128 to 10240 (MB), not ${memorySize}`]
      : []),
    ...(domain && !Token.isUnresolved(domain.name) && !/^[\w-]+(\.[\w-]+)+$/.test(domain.name)
      ? [`domain.name must be a host name like dibs.example.com, not "${domain.name}"`]
      : []),
    ...(alarms ? positive('alarms.recoveries', alarms.recoveries) : []),
    ...(alarms ? positive('alarms.serverErrors', alarms.serverErrors) : []),
  ];
  if (faults.length > 0) throw new Error(`[${scope.node.path}] ${faults.join('; ')}`);
}

const positive = (name: string, value: number | undefined): string[] =>
  value === undefined || Token.isUnresolved(value) || within(value, 1, 1_000_000)
    ? []
    : [`${name} must be a whole number from 1 on, not ${value}`];

const within = (value: number, from: number, to: number): boolean =>
  Token.isUnresolved(value) || (Number.isInteger(value) && value >= from && value <= to);
