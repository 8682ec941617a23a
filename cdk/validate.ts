import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import {
  type Faults,
  flag,
  has,
  isRecord,
  names,
  pool,
  refuse,
  retention,
  seconds,
  seen,
  whole,
} from './faults.ts';
import type { DibsAlarmProps, DibsProps } from './props.ts';

const KNOWN = [
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
] as const satisfies (keyof DibsProps)[];

const ALARMS = [
  'topic',
  'oldestWaiting',
  'recoveries',
  'serverErrors',
] as const satisfies (keyof DibsAlarmProps)[];

const MOST = 1_000_000;
const YEAR_SECONDS = 31_536_000;

/** Refuses bad props at synthesis. */
export function validateProps(scope: Construct, props: DibsProps): void {
  const { table } = props;
  refuse(scope, [
    ...names(KNOWN, props as Readonly<Record<string, unknown>>),
    ...(table && table.tableStreamArn === undefined
      ? ['table needs its stream: Table.fromTableAttributes(…, { tableArn, tableStreamArn })']
      : []),
    ...nested('throttle', props.throttle, throttleFaults),
    ...nested('domain', props.domain, domainFaults),
    ...(props.alarms === false ? [] : nested('alarms', props.alarms, alarmFaults)),
    ...(props.events === false ? [] : nested('events', props.events, busFaults(scope))),
    ...seconds('authorizerCache', props.authorizerCache, 0, 3600),
    ...whole('memorySize', props.memorySize, 128, 10_240),
    ...retention(props.logRetention),
    ...flag('pointInTimeRecovery', props.pointInTimeRecovery),
    ...flag('accessLogs', props.accessLogs),
    ...flag('metrics', props.metrics),
    ...flag('dashboard', props.dashboard),
  ]);
}

/** Refuses a pool name that cannot be a dimension of a metric. */
export const validatePool = (scope: Construct, name: unknown): void => refuse(scope, pool(name));

type Given = Readonly<Record<string, unknown>>;

const nested = (name: string, value: unknown, faults: (given: Given) => Faults): Faults => {
  if (value === undefined || value === null) return [];
  if (isRecord(value)) return faults(value);
  const off = name === 'alarms' || name === 'events' ? ' or false' : '';
  return [`${name} must be an object${off}, not ${seen(value)}`];
};

/** Both values are required: with one alone, the other would have to be guessed. */
const throttleFaults = (given: Given): Faults => [
  ...names(['rateLimit', 'burstLimit'], given, 'throttle.'),
  ...['rateLimit', 'burstLimit'].flatMap((name) =>
    given[name] === undefined
      ? [`throttle.${name} must be a whole number from 1 to ${MOST}, not undefined`]
      : whole(`throttle.${name}`, given[name], 1, MOST),
  ),
];

const domainFaults = (given: Given): Faults => {
  const { name } = given;
  const isHost = typeof name === 'string' && /^[\w-]+(\.[\w-]+)+$/.test(name);
  return [
    ...names(['name', 'certificate'], given, 'domain.'),
    ...(isHost || Token.isUnresolved(name)
      ? []
      : [`domain.name must be a host name like dibs.example.com, not ${seen(name)}`]),
    ...has('domain.certificate', given['certificate'], 'certificateArn', 'a certificate of ACM'),
  ];
};

const alarmFaults = (given: Given): Faults => [
  ...names(ALARMS, given, 'alarms.'),
  ...seconds('alarms.oldestWaiting', given['oldestWaiting'], 1, YEAR_SECONDS),
  ...whole('alarms.recoveries', given['recoveries'], 1, MOST),
  ...whole('alarms.serverErrors', given['serverErrors'], 1, MOST),
  ...(given['topic'] ? has('alarms.topic', given['topic'], 'topicArn', 'an SNS topic') : []),
];

/** The Lambda can only send events to a bus in its own region. */
const busFaults =
  (scope: Construct) =>
  (given: Given): Faults => {
    const faults = has('events', given, 'eventBusArn', 'an event bus or false');
    if (faults.length > 0) return faults;
    const here = Stack.of(scope).region;
    const there = String(given['eventBusArn']).split(':')[3] ?? '';
    const isKnown = !Token.isUnresolved(given['eventBusArn']) && !Token.isUnresolved(here);
    return isKnown && there !== here
      ? [`events must be a bus in ${here}, the stack's region, not in ${there}`]
      : [];
  };
