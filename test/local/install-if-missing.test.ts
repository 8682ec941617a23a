import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { tempDirectory } from '../support/temp-directory.ts';

const { isInstalled, outsideEnvironment } = createRequire(import.meta.url)(
  '../../scripts/install-if-missing.cjs',
) as {
  isInstalled(root: string): boolean;
  outsideEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
};

const WANTED = {
  '': { version: '1.0.0' },
  'node_modules/a': { version: '1.0.0' },
  'node_modules/for-macs': { version: '1.0.0', optional: true },
};
const { 'node_modules/a': a } = WANTED;

let root: string;
beforeEach(() => {
  root = tempDirectory();
  put('package-lock.json', { packages: WANTED });
});

function put(path: string, content: unknown): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), JSON.stringify(content));
}

function installed(packages: unknown): void {
  put('node_modules/a/package.json', {});
  put('node_modules/.package-lock.json', { packages });
}

it('is not installed on a fresh clone', () => {
  expect(isInstalled(root)).toBe(false);
});

it('is installed when every package has the version of the lock', () => {
  installed({ 'node_modules/a': a });
  expect(isInstalled(root)).toBe(true);
});

it('does not mind what was added by hand', () => {
  installed({ 'node_modules/a': a, 'node_modules/extra': { version: '1.0.0' } });
  expect(isInstalled(root)).toBe(true);
});

it('is not installed when npm was stopped in the middle', () => {
  put('node_modules/a/package.json', {});
  expect(isInstalled(root)).toBe(false);
});

it('is not installed when the lock asks for another version', () => {
  installed({ 'node_modules/a': { version: '0.9.0' } });
  expect(isInstalled(root)).toBe(false);
});

it('is not installed when an optional package is there in another version', () => {
  installed({ 'node_modules/a': a, 'node_modules/for-macs': { version: '0.9.0' } });
  expect(isInstalled(root)).toBe(false);
});

it('is not installed when the lock asks for one package more', () => {
  installed({});
  expect(isInstalled(root)).toBe(false);
});

it('is not installed when a folder was removed', () => {
  put('node_modules/.package-lock.json', { packages: { 'node_modules/a': a } });
  expect(isInstalled(root)).toBe(false);
});

it('runs npm from outside the folder that npm is about to replace', () => {
  expect(outsideEnvironment({ PATH: `${root}/node_modules/.bin:/usr/bin`, HOME: '/home' })).toEqual(
    { PATH: '/usr/bin', HOME: '/home' },
  );
});
