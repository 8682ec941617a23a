import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

/** Minutes each, for they wait for missed heartbeats: `npm run test:prefect:long`. */
const LONG = 'test/**/*.long.test.ts';

export default defineConfig(({ mode }) => ({
  test: {
    include: [mode === 'long' ? LONG : 'test/**/*.test.ts'],
    exclude: mode === 'long' ? configDefaults.exclude : [...configDefaults.exclude, LONG],
    // Vitest leaves one core free, which is half of a small machine; most tests wait for others anyway.
    maxWorkers: availableParallelism(),
    globalSetup: ['test/support/dynamodb-local.setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
}));
