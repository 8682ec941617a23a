import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { App, type Environment, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Dibs, type DibsProps } from '../../cdk/index.ts';
import {
  DirectoryInUseError,
  type DirectoryLock,
  lockDirectory,
} from '../../process/directory-lock.ts';

const ROOT = join(import.meta.dirname, '../..');
const LOCKED = join(ROOT, 'node_modules/.cache/bundles');

/** What the construct takes from `npm run bundle`: made where it is not there, by one test file at a time. */
export async function ensureBundles(): Promise<void> {
  mkdirSync(LOCKED, { recursive: true });
  const lock = await lockWhenFree(LOCKED);
  try {
    if (existsSync(join(ROOT, 'dist/bundles/stream/index.mjs'))) return;
    execFileSync(process.execPath, ['scripts/bundle.ts'], { cwd: ROOT, stdio: 'inherit' });
  } finally {
    lock.release();
  }
}

async function lockWhenFree(directory: string): Promise<DirectoryLock> {
  for (;;) {
    try {
      return await lockDirectory(directory);
    } catch (error) {
      if (!(error instanceof DirectoryInUseError)) throw error;
      await setTimeout(50);
    }
  }
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

/** The resources of a type, as the template has them. */
export const resources = ({ template }: Synthesized, type: string) =>
  Object.values(template.findResources(type)) as {
    [key: string]: unknown;
    Properties: Properties;
  }[];
// biome-ignore lint/suspicious/noExplicitAny: a template is JSON of any shape.
export type Properties = any;
