import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createClient } from '../../client/index.ts';
import { type RunningScript, runNode, untilGone } from '../support/processes.ts';

const running: RunningScript[] = [];
afterEach(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  await Promise.all(running.splice(0).map(({ ended }) => ended));
});

interface RunningDemo extends RunningScript {
  readonly url: string;
  readonly pids: ReadonlyMap<string, number>;
  /** Where it keeps what it must not leave behind. */
  readonly temporary: string;
}

/** Starts the demo with two agents and waits until they are named. */
async function demo(runs: number, env: NodeJS.ProcessEnv = {}): Promise<RunningDemo> {
  const temporary = mkdtempSync(join(tmpdir(), 'dibs-demo-test-'));
  const args = ['scripts/demo/main.ts', '--runs', String(runs), '--agents', '2'];
  const script = runNode(args, { TMPDIR: temporary, ...env });
  running.push(script);
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

function newGate(): string {
  return join(mkdtempSync(join(tmpdir(), 'dibs-demo-test-')), 'gate');
}

/** Settles when the agent holds this many runs. */
async function untilHolds({ url }: RunningDemo, agent: string, count: number): Promise<void> {
  const client = createClient({ url });
  for (;;) {
    const workers = await client.readWorkers({ name: 'demo' });
    if (workers.find(({ name }) => name === agent)?.holds.length === count) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

it('executes each run once, and leaves nothing behind', async () => {
  const { stdout, stderr, ended, pids, temporary } = await demo(20);
  const lines = (await stdout.rest()).split('\n');
  expect(lines.at(-1)).toBe('20 runs, 20 executions, 0 run twice');
  expect(await ended).toBe(0);
  expect(await stderr.rest()).toBe('');
  expect(lines).toContainEqual(expect.stringMatching(/^lost races per claim: \d+\.\d\d \(/));
  const executed = lines.flatMap((line) => /^agent-[ab] +\d+ +(\d+)$/.exec(line)?.[1] ?? []);
  expect(executed.map(Number).reduce((sum, runs) => sum + runs)).toBe(20);
  for (const pid of pids.values()) await untilGone(pid);
  expect(readdirSync(temporary)).toEqual([]);
});

it('tells what an agent that was killed had claimed', async () => {
  const gate = newGate();
  const script = await demo(12, { DIBS_DEMO_GATE: gate });
  const { stdout, ended, pids } = script;
  // No run ends before the gate opens, so the agent dies with all that it has room for.
  await untilHolds(script, 'agent-b', 2);
  const pid = pids.get('agent-b') ?? 0;
  process.kill(pid, 'SIGKILL');
  await untilGone(pid);
  writeFileSync(gate, '');
  const lines = (await stdout.rest()).split('\n');
  expect(lines.at(-1)).toBe('12 runs, 10 executions, 0 run twice, 2 still claimed');
  expect(await ended).toBe(1);
  const claimed = lines.filter((line) =>
    /^still claimed by agent-b \(killed\): [a-z]+-[a-z]+ [0-9a-f-]{36}$/.test(line),
  );
  expect(claimed).toHaveLength(2);
  expect(lines).toContainEqual(expect.stringMatching(/^agent-a +\d+ +10$/));
  expect(lines).toContainEqual(expect.stringMatching(/^agent-b +\d+ +0 {2}killed$/));
});

it('ends all that it started on Ctrl-C', async () => {
  const gate = newGate();
  const script = await demo(8, { DIBS_DEMO_GATE: gate });
  await untilHolds(script, 'agent-a', 2);
  const asked = performance.now();
  // npm hands its own one on as well.
  script.child.kill('SIGINT');
  script.child.kill('SIGINT');
  expect(await script.ended).toBe(130);
  // Runs that hang at the gate are not waited for.
  expect(performance.now() - asked).toBeLessThan(15_000);
  expect(await script.stdout.rest()).not.toContain('executions');
  for (const pid of script.pids.values()) await untilGone(pid);
  expect(readdirSync(script.temporary)).toEqual([]);
});

it.each([
  { args: ['--runs', '0'], says: '--runs takes a whole number from 1 on, not 0.' },
  { args: ['--agents', '27'], says: '--agents takes a whole number from 1 to 26, not 27.' },
  { args: ['--fast'], says: /^Unknown option '--fast'.* \(npm run demo -- / },
])('refuses $args in a sentence', async ({ args, says }) => {
  const { ended, stderr } = runNode(['scripts/demo/main.ts', ...args]);
  expect(await ended).toBe(1);
  expect(await stderr.rest()).toMatch(says);
});

it('says which Java is missing, without a stack', async () => {
  const { ended, stderr } = runNode(['scripts/demo/main.ts'], { JAVA_HOME: '/nope' });
  expect(await ended).toBe(1);
  expect(await stderr.rest()).toMatch(
    /^dibs runs DynamoDB Local, which needs Java 17 .*JAVA_HOME\.$/,
  );
});
