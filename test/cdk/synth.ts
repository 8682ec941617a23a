import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { App, type Environment, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Dibs, type DibsProps } from '../../cdk/index.ts';

/** What the construct takes from `npm run bundle`: made once, where it is not there. */
export function ensureBundles(): void {
  const root = join(import.meta.dirname, '../..');
  if (existsSync(join(root, 'dist/bundles/stream/index.mjs'))) return;
  execFileSync(process.execPath, ['scripts/bundle.ts'], { cwd: root, stdio: 'inherit' });
}

export interface Synthesized {
  readonly stack: Stack;
  readonly dibs: Dibs;
  readonly template: Template;
}

export function synthesize(
  props: DibsProps | ((stack: Stack) => DibsProps) = {},
  { env, more }: { env?: Environment; more?: (stack: Stack, dibs: Dibs) => void } = {},
): Synthesized {
  const stack = new Stack(new App(), 'Stack', env ? { env } : {});
  const dibs = new Dibs(stack, 'Dibs', typeof props === 'function' ? props(stack) : props);
  more?.(stack, dibs);
  return { stack, dibs, template: Template.fromStack(stack) };
}
