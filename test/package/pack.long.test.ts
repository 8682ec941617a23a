import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { type InstalledPackage, installPackage, ROOT, type Running } from './installed-package.ts';

let installed: InstalledPackage;
const running: Running[] = [];

beforeAll(async () => {
  installed = await installPackage();
  write('flows.ts', FLOWS);
  write('run.ts', RUN);
}, 120_000);

afterAll(async () => {
  for (const program of running.reverse()) await program.end();
  installed?.remove();
});

const FLOWS = `
import { flow } from 'dibs';
import * as z from 'zod';

export const add = flow('add', ({ a, b }) => a + b, {
  parameters: z.object({ a: z.number(), b: z.number().default(40) }),
});
`;

const RUN = `
import { deploy } from 'dibs';
import { createClient } from 'dibs/client';
import { add } from './flows.ts';

const [url = ''] = process.argv.slice(2);
await createClient({ url }).createWorkPool({ body: { name: 'pool', type: 'process' } });
const module = new URL('./flows.ts', import.meta.url).href;
const deployed = await deploy(add, { name: 'here', pool: 'pool', module, export: 'add', url });
const run = await deployed.run({ a: 2 });
const sum: number = await run.wait({ timeoutSeconds: 40 });
console.log(sum);
// @ts-expect-error: the type of the parameters comes from their schema.
export const refused = () => add({ a: '2' });
`;

function write(name: string, text: string): void {
  writeFileSync(join(installed.folder, name), text);
}

it('holds what runs and its types: no source, no test, no script', () => {
  const kept =
    /^(package\.json|README\.md|LICENSE|bin\/dibs\.js|dist\/.+\.(js|d\.ts)|dist\/bundles\/[\w-]+\/index\.mjs)$/;
  expect(installed.files.filter((file) => !kept.test(file))).toEqual(['dist/api/openapi.json']);
  expect(installed.files.filter((file) => /(^|\/)(test|scripts)\/|\.test\./.test(file))).toEqual(
    [],
  );
});

it('has a command that tells its version and helps', async () => {
  expect(await installed.run('npx', 'dibs', '--version')).toBe(manifest.version);
  expect(await installed.run('npx', 'dibs', '--help')).toMatch(/^Usage: dibs /);
});

it('has types that a strict compiler takes, its own declarations included', async () => {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules/@types')];
  const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes'];
  const module = ['--module', 'nodenext', '--target', 'es2024', '--allowImportingTsExtensions'];
  const args = [compiler, ...strict, ...module, ...types, 'flows.ts', 'run.ts'];
  expect(await installed.run(process.execPath, ...args)).toBe('');
});

it('makes flows that are plain functions', async () => {
  const call = "import { add } from './flows.ts'; console.log(await add({ a: 1, b: 2 }));";
  expect(await installed.run(process.execPath, '--input-type=module', '--eval', call)).toBe('3');
});

it('runs a deployed flow from that folder: server, agent, result', async () => {
  const dev = await installed.start(/^ready /, 'npx', 'dibs', 'dev', '--port', '0', '--fresh');
  running.push(dev);
  const url = dev.line.slice('ready '.length);
  expect(await (await fetch(`${url}/health`)).json()).toBe(true);

  const result = installed.run(process.execPath, 'run.ts', url);
  // It creates the pool first.
  while (!(await fetch(`${url}/work_pools/pool`)).ok) await new Promise((go) => setTimeout(go, 50));
  const agent = ['dibs', 'agent', 'start', '--json', '--pool', 'pool', '--url', url];
  running.push(await installed.start(/"type":"run_started"/, 'npx', ...agent));
  expect(await result).toBe('42');
});

const APP = `
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Dibs, DibsAgentService } from 'dibs/cdk';

const stack = new Stack(new App(), 'Work');
const dibs = new Dibs(stack, 'Dibs', { removalPolicy: RemovalPolicy.DESTROY });
const vpc = new Vpc(stack, 'Vpc', { natGateways: 0 });
const apiKey = Secret.fromSecretNameV2(stack, 'Key', 'dibs-agent-key');
const image = ecs.ContainerImage.fromRegistry('example/agent');
new DibsAgentService(stack, 'Agents', { dibs, pool: 'etl', image, apiKey, vpc, assignPublicIp: true });
`;

it('has a construct that an app of fifteen lines synthesizes, without esbuild', async () => {
  // The CDK itself, as an app has it; the construct finds its Lambdas in the package.
  for (const name of ['aws-cdk-lib', 'constructs', 'aws-cdk']) {
    symlinkSync(join(ROOT, 'node_modules', name), join(installed.folder, 'node_modules', name));
  }
  expect(existsSync(join(installed.folder, 'node_modules/esbuild'))).toBe(false);
  write('app.ts', APP);
  const cdk = join(ROOT, 'node_modules/aws-cdk/bin/cdk');
  await installed.run(process.execPath, cdk, 'synth', '--quiet', '--app', 'node app.ts');
  const out = join(installed.folder, 'cdk.out');
  const template = JSON.parse(readFileSync(join(out, 'Work.template.json'), 'utf8'));
  const types = Object.values(template.Resources).map((one) => (one as { Type: string }).Type);
  expect(types.filter((type) => type === 'AWS::Lambda::Function').length).toBeGreaterThanOrEqual(6);
  expect(types).toContain('AWS::ECS::Service');
  const assets = readdirSync(out).filter((name) => existsSync(join(out, name, 'index.mjs')));
  expect(assets).toHaveLength(6);
}, 120_000);
