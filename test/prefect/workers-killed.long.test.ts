import { describe, it } from 'vitest';
import { goThrough } from './journey-process.ts';
import { stackForJourneys } from './stack.ts';

const url = stackForJourneys();

// A worker is OFFLINE after three missed heartbeats, 30 s apart. The interval cannot be shortened.
describe.concurrent('a worker killed with SIGKILL, midway', { timeout: 600_000 }, () => {
  it('with all that it started: each run finishes, none finishes twice', (test) =>
    goThrough(test, { file: 'worker_killed.py', url: url(), withinSeconds: 400 }));

  it('alone, its flow processes living on: each run finishes, none finishes twice', (test) =>
    goThrough(test, { file: 'worker_killed_alone.py', url: url(), withinSeconds: 400 }));
});
