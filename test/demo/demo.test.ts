import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runNode, untilGone } from '../support/processes.ts';
import { demo, newGate, untilHolds } from './demo-process.ts';

it('finishes each run once, and leaves nothing behind', async (test) => {
  const { stdout, stderr, ended, pids, temporary } = await demo(test, [
    '--runs',
    '20',
    '--no-kill',
  ]);
  const lines = (await stdout.rest()).split('\n');
  expect(lines.at(-1)).toBe('20 runs, 20 finished once, 0 run twice');
  expect(await ended).toBe(0);
  expect(await stderr.rest()).toBe('');
  expect(lines).toContainEqual(expect.stringMatching(/^lost races per claim: \d+\.\d\d \(/));
  const executed = lines.flatMap((line) => /^agent-[ab] +\d+ +(\d+)$/.exec(line)?.[1] ?? []);
  expect(executed.map(Number).reduce((sum, runs) => sum + runs)).toBe(20);
  for (const pid of pids.values()) await untilGone(pid);
  expect(readdirSync(temporary)).toEqual([]);
});

it('ends all that it started on Ctrl-C', async (test) => {
  const gate = newGate();
  const script = await demo(test, ['--runs', '8', '--no-kill'], { DIBS_DEMO_GATE: gate });
  await untilHolds(script, 'agent-a', 2);
  const asked = performance.now();
  // npm hands its own one on as well.
  script.child.kill('SIGINT');
  script.child.kill('SIGINT');
  expect(await script.ended).toBe(130);
  // Runs that hang at the gate are not waited for.
  expect(performance.now() - asked).toBeLessThan(15_000);
  expect(await script.stdout.rest()).not.toContain('finished once');
  for (const pid of script.pids.values()) await untilGone(pid);
  expect(readdirSync(script.temporary)).toEqual([]);
});

it.each([
  { args: ['--runs', '0'], says: '--runs takes a whole number of at least 1, not 0.' },
  { args: ['--agents', '27'], says: '--agents takes a whole number from 1 to 26, not 27.' },
  { args: ['--agents', '1'], says: /^One agent is killed midway, .* or use --no-kill\.$/ },
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
