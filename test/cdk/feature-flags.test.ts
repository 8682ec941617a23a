import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, expect, test } from 'vitest';
import { Dibs } from '../../cdk/index.ts';
import { ensureBundles } from './synth.ts';

/**
 * An app made by `cdk init` sets every flag that the CDK recommends, an older one or one made by hand sets none.
 * Both must get the same stack: the table and the address must not change when somebody sets them later.
 */
beforeAll(() => ensureBundles());

type Flags = Readonly<Record<string, unknown>>;

const root = join(import.meta.dirname, '../..');
const readJson = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));
const recommended: Flags = readJson('node_modules/aws-cdk-lib/recommended-feature-flags.json');

/** Each list in one order: one of the flags sorts the actions of policies. */
function resources(context: Flags): unknown {
  const stack = new Stack(new App({ context: { ...context } }), 'Stack');
  new Dibs(stack, 'Dibs');
  const template = Template.fromStack(stack).toJSON();
  return JSON.parse(JSON.stringify(template['Resources']), (_, value) =>
    Array.isArray(value)
      ? value.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))
      : value,
  );
}

test('the stack is the same with and without the feature flags that the CDK recommends', () => {
  expect(resources(recommended)).toEqual(resources({}));
});

test("this repository's app sets the recommended flags", () => {
  expect(readJson('cdk.json').context).toEqual(recommended);
});
