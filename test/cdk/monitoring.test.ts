import { Duration } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { beforeAll, describe, expect, test } from 'vitest';
import { ensureBundles, resources, type Synthesized, synthesize } from './synth.ts';

let plain: Synthesized;
beforeAll(async () => {
  await ensureBundles();
  plain = synthesize();
});

describe('operations', () => {
  const NAMES = [
    'OldestWaiting',
    'Recoveries',
    'RecoveryFailures',
    'SchedulingFailures',
    'Throttled',
    'ServerErrors',
    'SchedulerSilent',
    'SweeperSilent',
    'SchedulerErrors',
    'SweeperErrors',
    'StreamFailures',
  ];
  test('has eleven alarms, without metric math; silence rings where it must', () => {
    const alarms = resources(plain, 'AWS::CloudWatch::Alarm').map((one) => one.Properties);
    expect(Object.keys(plain.dibs.alarms)).toEqual(NAMES);
    expect(alarms).toHaveLength(NAMES.length);
    for (const alarm of alarms) {
      expect(alarm).not.toHaveProperty('Metrics');
      expect(alarm.AlarmDescription).toMatch(/See docs\/operations\.md, "\w+"\.$/);
      expect(alarm).not.toHaveProperty('AlarmActions');
    }
    const breaching = alarms.filter((alarm) => alarm.TreatMissingData === 'breaching');
    expect(
      breaching.map((alarm) => [alarm.MetricName, alarm.Period, alarm.EvaluationPeriods]),
    ).toEqual([
      ['Invocations', 300, 1],
      ['Invocations', 300, 1],
    ]);
  });

  test('tells a topic, by thresholds of the user’s', () => {
    const told = synthesize((stack) => ({
      alarms: { topic: new Topic(stack, 'Topic'), oldestWaiting: Duration.hours(1), recoveries: 3 },
    }));
    for (const { Properties: alarm } of resources(told, 'AWS::CloudWatch::Alarm')) {
      expect(alarm.AlarmActions).toEqual(alarm.OKActions);
      expect(alarm.AlarmActions).toHaveLength(1);
    }
    const threshold = (MetricName: string, Threshold: number) =>
      told.template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName, Threshold });
    threshold('oldest_waiting', 3600);
    threshold('recovered', 3);
  });

  test('alarms that need our metrics go with them; alarms and the dashboard can be left out', () => {
    const quiet = synthesize({ metrics: false, dashboard: false });
    expect(Object.keys(quiet.dibs.alarms)).toEqual(NAMES.slice(4));
    quiet.template.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
    synthesize({ alarms: false }).template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });

  test('tells where it is, and how the first key is made; no key is anywhere', () => {
    const outputs = plain.template.findOutputs('*');
    const text = JSON.stringify(outputs);
    expect(Object.keys(outputs)).toHaveLength(3);
    expect(text).toMatch(/npx --no dibs key create first --role admin --table /);
    expect(JSON.stringify(plain.template.toJSON())).not.toMatch(/dibs_[0-9a-f]{32}/);
  });
});
