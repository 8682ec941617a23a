import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { onTestFinished } from 'vitest';
import { createClient } from '../../client/index.ts';
import { type RunningScript, runNode } from '../support/processes.ts';

interface RunningDemo extends RunningScript {
  readonly url: string;
  readonly pids: ReadonlyMap<string, number>;
  /** Where it keeps what it must not leave behind. */
  readonly temporary: string;
}

/** Starts the demo with two agents and waits until they are named. It ends with the test. */
export async function demo(
  test: { readonly onTestFinished: typeof onTestFinished },
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<RunningDemo> {
  const temporary = mkdtempSync(join(tmpdir(), 'dibs-demo-test-'));
  const script = runNode(['scripts/demo/main.ts', '--agents', '2', ...args], {
    TMPDIR: temporary,
    ...env,
  });
  test.onTestFinished(async () => {
    script.child.kill('SIGKILL');
    await script.ended;
  });
  const until = async (text: RegExp): Promise<string> => {
    for (;;) {
      const found = text.exec(await script.stdout.next())?.[1];
      if (found) return found;
    }
  };
  const url = await until(/(http:\/\/127\.0\.0\.1:\d+\/api)$/);
  const pids = new Map<string, number>();
  for (const name of ['agent-a', 'agent-b']) {
    pids.set(name, Number(await until(new RegExp(`^${name}: pid (\\d+)$`))));
  }
  return { ...script, url, pids, temporary };
}

/** A file that is not there yet: see flow.ts. */
export function newGate(): string {
  return join(mkdtempSync(join(tmpdir(), 'dibs-demo-test-')), 'gate');
}

/** Settles when the agent holds this many runs. */
export async function untilHolds(
  { url }: RunningDemo,
  agent: string,
  count: number,
): Promise<void> {
  const client = createClient({ url });
  for (;;) {
    const workers = await client.readWorkers({ name: 'demo' });
    if (workers.find(({ name }) => name === agent)?.holds.length === count) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
