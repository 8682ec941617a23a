import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

/** Minutes each, for they wait for missed heartbeats: `npm run test:prefect:long`. */
const LONG = 'test/**/*.long.test.ts';
/** The CDK and an emulator of AWS: `npm run test:deploy`. */
const DEPLOY = 'test/**/*.deploy.test.ts';
const APART: Readonly<Record<string, string>> = { long: LONG, deploy: DEPLOY };

// Tests start many hundreds of Nodes. Half of such a start is compiling what the last one compiled.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, '.dibs/compile-cache');

export default defineConfig(({ mode }) => {
  const apart = APART[mode];
  return {
    test: {
      include: [apart ?? 'test/**/*.test.ts'],
      exclude: apart ? configDefaults.exclude : [...configDefaults.exclude, LONG, DEPLOY],
      // Vitest leaves one core free, which is half of a small machine; most tests wait for others anyway.
      maxWorkers: availableParallelism(),
      sequence: { sequencer: LongestFirst },
      globalSetup:
        mode === 'deploy'
          ? ['test/deploy/bundle.setup.ts']
          : ['test/support/dynamodb-local.setup.ts', 'test/support/logbook.setup.ts'],
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  };
});
