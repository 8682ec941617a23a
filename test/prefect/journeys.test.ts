import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../local/free-port.ts';
import { goThrough, JOURNEYS } from './journey-process.ts';
import { stackForJourneys } from './stack.ts';

/**
 * The journeys of the real, unmodified Prefect, and the files that contain them. The longest come
 * first.
 */
const BY_PREFECT_3 = {
  'lists, filters, pages and deletes by CLI and client': 'lists_and_deletes.py',
  'a deployment limit of 1 holds, and loses no run': 'deployment_limit.py',
  'three workers poll one queue: each run is executed once': 'three_workers.py',
  'a pool limit of 1 holds, with two workers': 'pool_limit.py',
  'queues by the CLI': 'queues_by_cli.py',
  'pools by the CLI': 'pools_by_cli.py',
  'prefect deploy --all of a prefect.yaml': 'prefect_yaml.py',
  'subflows, and run_deployment() from within a flow': 'subflows.py',
  'retries in the engine, failures, crashes': 'retries_and_crashes.py',
  'cancelling what waits and what runs': 'cancel.py',
  'serve() of two flows, and two replicas of one': 'serve.py',
  'deploy, a worker, a run, its logs': 'deploy_and_run.py',
  'flows called by hand': 'by_hand.py',
  'artifacts of flows, and by the CLI': 'artifacts.py',
  'concurrency limits by name and by tag': 'named_limits.py',
  'variables by the CLI and from within a flow': 'variables.py',
  'blocks within blocks, and their types by the CLI': 'blocks.py',
  'parameters and job variables arrive as they were given': 'parameters.py',
} as const;

const OTHERS = ['server_restart.py'];
const LONG = ['agents_2x.py', 'worker_killed.py', 'worker_killed_alone.py'];
const HELPERS = ['forked_cli.py', 'journey.py', 'marks.py'];

const url = stackForJourneys();

// Concurrent, because a test waits for its turn most of the time.
describe.concurrent('the unmodified Prefect client', { timeout: 1_200_000 }, () => {
  it('the server goes away under a worker and comes back: nothing is lost', async (test) => {
    const port = String(await freePort());
    const cli = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
    // The data is in the journey's own directory, and is removed with it.
    const server = JSON.stringify([process.execPath, cli, 'dev', '--port', port, '--data', 'data']);
    const env = { JOURNEY_SERVER: server };
    const its = `http://127.0.0.1:${port}/api`;
    await goThrough(test, { file: 'server_restart.py', url: its, env });
  });

  it.for(Object.entries(BY_PREFECT_3))('%s', ([, file], test) =>
    goThrough(test, { file, url: url() }),
  );
});

it('leaves no journey out', () => {
  const files = readdirSync(JOURNEYS).filter((name) => name.endsWith('.py'));
  const known = [...Object.values(BY_PREFECT_3), ...OTHERS, ...LONG, ...HELPERS];
  expect(files.sort()).toEqual(known.sort());
});
