import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

/** Minutes each, such as those that wait for missed heartbeats: `npm run test:long`. */
const LONG = 'test/**/*.long.test.ts';
/** The CDK and an emulator of AWS: `npm run test:deploy`. */
const DEPLOY = 'test/**/*.deploy.test.ts';
const APART: Readonly<Record<string, string>> = { long: LONG, deploy: DEPLOY };

/**
 * What is tested here starts no process and changes nothing of its own: each file has a table, a stack
 * and a clock. So the files share processes, each of which loads the code once.
 */
const TOGETHER = [
  ...['access', 'artifacts', 'blocks', 'cdk', 'claims', 'client', 'deployments', 'limits', 'logs'],
  ...[
    'named-limits',
    'parameters',
    'pools',
    'recovery',
    'runs',
    'schedules',
    'server',
    'sessions',
    'states',
  ],
  ...['store', 'task-runs', 'variables', 'why'],
].map((room) => `test/${room}/**/*.test.ts`);

// Tests start many hundreds of Nodes. Half of such a start is compiling what the last one compiled.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, '.dibs/compile-cache');

const timeouts = { testTimeout: 60_000, hookTimeout: 60_000 };
const notHere = [...configDefaults.exclude, LONG, DEPLOY];
const projects = [
  { name: 'apart', include: ['test/**/*.test.ts'], exclude: [...notHere, ...TOGETHER] },
  { name: 'together', include: TOGETHER, exclude: notHere, isolate: false },
].map((test) => ({ test: { ...test, ...timeouts } }));

export default defineConfig(({ mode }) => {
  const apart = APART[mode];
  return {
    test: {
      ...timeouts,
      ...(apart ? { include: [apart] } : { projects }),
      // Vitest leaves one core free, which is half of a small machine; most tests wait for others anyway.
      maxWorkers: availableParallelism(),
      sequence: { sequencer: LongestFirst },
      globalSetup:
        mode === 'deploy'
          ? ['test/deploy/bundle.setup.ts']
          : ['test/support/dynamodb-local.setup.ts', 'test/support/logbook.setup.ts'],
    },
  };
});
