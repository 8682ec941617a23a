import { Duration, type Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { beforeAll, expect, test } from 'vitest';
import type { DibsProps } from '../../cdk/index.ts';
import { ensureBundles, synthesize } from './synth.ts';

beforeAll(() => ensureBundles());

const alarms = (given: object) => ({ alarms: given });
const throttle = (given: object) => ({ throttle: given });

test.each<[string, object, string]>([
  ['an unknown prop', { tabelName: 'x' }, 'there is no prop "tabelName"'],
  ['null', { encryptionKey: null }, 'encryptionKey is null: leave it out to have its default'],
  [
    'rate 0',
    throttle({ rateLimit: 0, burstLimit: 1 }),
    'throttle.rateLimit must be a whole number',
  ],
  ['throttle.rate', throttle({ rate: 1 }), 'there is no prop "throttle.rate"'],
  ['half a throttle', throttle({ rateLimit: 1 }), 'throttle.burstLimit must be a whole number'],
  ['an empty throttle', throttle({}), '1 to 1000000, not undefined'],
  ['a cache of hours', { authorizerCache: Duration.hours(2) }, '0 to 3600, not 7200 seconds'],
  ['a cache of half a second', { authorizerCache: Duration.millis(500) }, 'not 0.5 seconds'],
  ['a cache as a number', { authorizerCache: 60 }, 'must be a Duration like Duration.seconds(60)'],
  ['little memory', { memorySize: 64 }, 'memorySize must be a whole number from 128'],
  ['logs for no day', { logRetention: 0 }, 'logRetention must be one of RetentionDays, not 0'],
  ['metrics by word', { metrics: 'off' }, 'metrics must be true or false, not "off"'],
  ['events: true', { events: true }, 'events must be an object or false, not true'],
  ['alarms: true', { alarms: true }, 'alarms must be an object or false, not true'],
  ['alarms.oldestWaitng', alarms({ oldestWaitng: 1 }), 'there is no prop "alarms.oldestWaitng"'],
  ['no recoveries', alarms({ recoveries: -1 }), 'alarms.recoveries must be a whole number'],
  ['waiting 0', alarms({ oldestWaiting: Duration.seconds(0) }), 'not 0 seconds'],
  ['waiting 500 ms', alarms({ oldestWaiting: Duration.millis(500) }), 'not 0.5 seconds'],
  ['waiting NaN', alarms({ oldestWaiting: Duration.seconds(Number.NaN) }), 'not NaN seconds'],
  ['waiting as a number', alarms({ oldestWaiting: 5 }), 'alarms.oldestWaiting must be a Duration'],
  ['a topic by name', alarms({ topic: 'x' }), 'alarms.topic must be an SNS topic, not "x"'],
  ['a URL', { domain: { name: 'https://x', certificate: {} } }, 'domain.name must be a host name'],
  ['no certificate', { domain: { name: 'a.example.com' } }, 'domain.certificate must be a cert'],
])('bad props are refused, with the path of the construct: %s', (_, props, says) => {
  expect(() => synthesize(props)).toThrow('[Stack/Dibs] ');
  expect(() => synthesize(props)).toThrow(says);
});

test('good ones are not', () => {
  const arn = 'arn:aws:acm:eu-central-1:111111111111:certificate/1';
  const props = (stack: Stack): DibsProps => ({
    domain: { name: 'a.example.com', certificate: Certificate.fromCertificateArn(stack, 'C', arn) },
    throttle: { rateLimit: 1, burstLimit: 1 },
    authorizerCache: Duration.minutes(60),
    alarms: { oldestWaiting: Duration.seconds(1) },
    metrics: true,
  });
  expect(() => synthesize(props)).not.toThrow();
  expect(() => synthesize({ events: false, alarms: false })).not.toThrow();
});

test('a bus in another region is refused where the regions are known', () => {
  const bus = (region: string) => (stack: Stack) => ({
    events: EventBus.fromEventBusArn(
      stack,
      'Bus',
      `arn:aws:events:${region}:111111111111:event-bus/b`,
    ),
  });
  const env = { region: 'eu-central-1' };
  expect(() => synthesize(bus('us-east-1'), { env })).toThrow(
    "[Stack/Dibs] events must be a bus in eu-central-1, the stack's region, not in us-east-1",
  );
  expect(() => synthesize(bus('eu-central-1'), { env })).not.toThrow();
  expect(() => synthesize(bus('us-east-1'))).not.toThrow();
});
