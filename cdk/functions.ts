import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { TABLE } from '../store/table/table.ts';
import { acknowledge } from './acknowledged.ts';
import type { DibsProps } from './props.ts';

const READ = ['GetItem', 'BatchGetItem', 'Query'];
const WRITE = ['PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem', 'BatchWriteItem'];

/** The Lambdas: what each may do to the table, and how long it may run. */
const LAMBDAS = {
  'worker-api': { actions: [...READ, ...WRITE], seconds: 20 },
  // GET /api/ready asks whether the table exists.
  'control-api': { actions: [...READ, ...WRITE, 'DescribeTable'], seconds: 29 },
  authorizer: { actions: ['GetItem', 'UpdateItem'], seconds: 10, memory: 512 },
  scheduler: { actions: [...READ, ...WRITE], seconds: 60, memory: 512 },
  sweeper: { actions: [...READ, ...WRITE], seconds: 60, memory: 512 },
  // It deletes what expired runs leave behind, and must not use the indexes to change anything.
  stream: { actions: ['Query', 'DeleteItem'], seconds: 60, memory: 512 },
} as const satisfies Record<string, { actions: string[]; seconds: number; memory?: number }>;

export type LambdaName = keyof typeof LAMBDAS;

export interface FunctionSettings {
  readonly table: ITable;
  readonly props: DibsProps;
  /** Distinguishes its metrics from those of other stacks. */
  readonly stackName: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * One prebuilt Lambda (arm64) with a log group, and a role that allows it only these actions on the
 * table.
 */
export class DibsFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;

  constructor(
    scope: Construct,
    id: string,
    name: LambdaName,
    { table, props, stackName, env = {} }: FunctionSettings,
  ) {
    super(scope, id);
    const { actions, seconds, memory }: { actions: string[]; seconds: number; memory?: number } =
      LAMBDAS[name];
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `dibs ${name}`,
    });
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    this.role.addToPolicy(
      new PolicyStatement({
        actions: actions.map((action) => `dynamodb:${action}`),
        resources: [table.tableArn, ...indexArns(table, actions)],
      }),
    );
    if (props.encryptionKey) {
      // The same as the CDK grants when it grants access to a table.
      props.encryptionKey.grantEncryptDecrypt(this.role);
      props.encryptionKey.grant(this.role, 'kms:DescribeKey');
      const reason = 'The action is a family of KMS actions, on the one key that the user gave.';
      acknowledge(this.role, {
        'AwsSolutions-IAM5[Action::kms:GenerateDataKey*]': reason,
        'AwsSolutions-IAM5[Action::kms:ReEncrypt*]': reason,
      });
    }
    this.function = new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(bundleOf(name)),
      role: this.role,
      logGroup,
      memorySize: memory ?? props.memorySize ?? 1024,
      timeout: Duration.seconds(seconds),
      description: `dibs ${name}`,
      environment: {
        DIBS_TABLE: table.tableName,
        DIBS_STACK: stackName,
        DIBS_METRICS: props.metrics === false ? 'off' : 'on',
        ...env,
      },
    });
    acknowledge(this.function, {
      'Serverless-LambdaDLQ':
        'Calls are synchronous, or repeated each minute, or by a stream with an on-failure queue.',
      'Serverless-LambdaTracing':
        'Off by default, because it costs money for each request; all logs have request ids.',
    });
  }
}

/** Only a Lambda that queries needs the indexes. */
const indexArns = (table: ITable, actions: readonly string[]): string[] =>
  actions.includes('Query')
    ? TABLE.indexes.map(({ name }) => `${table.tableArn}/index/${name}`)
    : [];

/** The bundle is beside this file in the package, and in dist/bundles in the repository. */
function bundleOf(name: LambdaName): string {
  const inPackage = import.meta.url.endsWith('.js') ? '../bundles/' : '../dist/bundles/';
  const folder = fileURLToPath(new URL(inPackage + name, import.meta.url));
  if (existsSync(folder)) return folder;
  throw new Error(`${folder} is missing: create it with \`npm run bundle\`.`);
}
