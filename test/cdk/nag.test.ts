import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { type IVpc, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { beforeAll, expect, test } from 'vitest';
import { Dibs, DibsAgentService, type DibsProps } from '../../cdk/index.ts';
import { ensureBundles } from './synth.ts';

/** cdk-nag: what a construct breaks on purpose it acknowledges itself, with a reason (cdk/acknowledged.ts). */
beforeAll(() => ensureBundles());

interface Report {
  readonly pluginReports: ReadonlyArray<{
    readonly violations: ReadonlyArray<{
      readonly ruleName: string;
      readonly violatingConstructs: ReadonlyArray<{ readonly constructPath: string }>;
    }>;
  }>;
}

/** Which rules are broken where, of what lies in the construct `of`. */
function violations(of: string, make: (stack: Stack) => void): string[] {
  const outdir = mkdtempSync(join(tmpdir(), 'dibs-nag-'));
  try {
    const app = new App({ outdir });
    const stack = new Stack(app, 'Stack');
    make(stack);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
    try {
      app.synth();
    } catch (error) {
      if (!String(error).includes('ValidationFailed')) throw error;
    }
    const report = JSON.parse(
      readFileSync(join(outdir, 'validation-report.json'), 'utf8'),
    ) as Report;
    return report.pluginReports
      .flatMap((plugin) => plugin.violations)
      .flatMap(({ ruleName, violatingConstructs }) =>
        violatingConstructs.map(({ constructPath }) => `${ruleName} ${constructPath}`),
      )
      .filter((violation) => violation.includes(` Stack/${of}/`));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

test.each<[string, (stack: Stack) => DibsProps]>([
  ['as it is', () => ({})],
  ['with a key', (stack) => ({ encryptionKey: new Key(stack, 'Key') })],
  ['without events', () => ({ events: false })],
])('Dibs is clean %s', (_, props) => {
  expect(violations('Dibs', (stack) => new Dibs(stack, 'Dibs', props(stack)))).toEqual([]);
});

test('DibsAgentService is clean', () => {
  const found = violations('Agents', (stack) => {
    new DibsAgentService(stack, 'Agents', {
      dibs: new Dibs(stack, 'Dibs'),
      pool: 'etl',
      image: ContainerImage.fromRegistry('my/agent'),
      apiKey: new Secret(stack, 'Secret') as ISecret,
      vpc: new Vpc(stack, 'Vpc', {
        subnetConfiguration: [{ name: 'p', subnetType: SubnetType.PUBLIC }],
      }) as IVpc,
      assignPublicIp: true,
    });
  });
  expect(found).toEqual([]);
});

test('a construct that acknowledges nothing is not', () => {
  expect(violations('Secret', (stack) => new Secret(stack, 'Secret'))).not.toEqual([]);
});
