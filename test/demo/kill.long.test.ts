import { writeFileSync } from 'node:fs';
import { describe, it } from 'vitest';
import { untilGone } from '../support/processes.ts';
import { demo, newGate, untilHolds } from './demo-process.ts';

// Each waits for a real lease to lapse: they wait together.
describe.concurrent('a demo of which an agent is killed', { timeout: 150_000 }, () => {
  it('kills it midway by itself, and shows that others take its runs over', async (test) => {
    const { expect } = test;
    const { stdout, stderr, ended } = await demo(test, ['--runs', '12']);
    const text = await stdout.rest();
    expect(text).toMatch(
      /\n12 runs, 12 finished once, 0 run twice, [12] taken over from the killed agent after \d+\.\d s$/,
    );
    expect(await ended).toBe(0);
    expect(await stderr.rest()).toBe('');
    const [, killed] =
      /^(agent-[ab]) \(pid \d+\) killed with [12] runs?; (?:it comes|they come) back when its lease expires, in 30 s at most$/m.exec(
        text,
      ) ?? [];
    const other = killed === 'agent-a' ? 'agent-b' : 'agent-a';
    const taken = text.match(/^taken over: .*/gm) ?? [];
    expect(text).toContain(`, ${taken.length} taken over from the killed agent after `);
    for (const line of taken) {
      expect(line).toMatch(/^taken over: [a-z]+-[a-z]+ +held by .* \d+\.\d s later \(attempt 2\)$/);
      expect(line).toContain(`held by ${killed} when it died, claimed by ${other} `);
    }
    expect(text).toMatch(new RegExp(`^${killed} +\\d+ +\\d+  killed$`, 'm'));
  });

  it('shows the same for one that is killed by hand', async (test) => {
    const { expect } = test;
    const gate = newGate();
    const script = await demo(test, ['--runs', '12', '--no-kill'], { DIBS_DEMO_GATE: gate });
    const { stdout, ended, pids } = script;
    // No run ends before the gate opens, so the agent dies with all that it has room for.
    await untilHolds(script, 'agent-b', 2);
    const pid = pids.get('agent-b') ?? 0;
    process.kill(pid, 'SIGKILL');
    await untilGone(pid);
    writeFileSync(gate, '');
    const text = await stdout.rest();
    expect(text).toMatch(
      /\n12 runs, 12 finished once, 0 run twice, 2 taken over from the killed agent after \d+\.\d s$/,
    );
    expect(await ended).toBe(0);
    expect(text).toMatch(/^agent-a +\d+ +12$/m);
    expect(text).toMatch(/^agent-b +\d+ +0 {2}killed$/m);
  });

  it('tells what is still held when nobody is left to take it over', async (test) => {
    const { expect } = test;
    const gate = newGate();
    const script = await demo(test, ['--runs', '12', '--no-kill'], { DIBS_DEMO_GATE: gate });
    const { stdout, ended, pids } = script;
    for (const agent of pids.keys()) await untilHolds(script, agent, 2);
    for (const pid of pids.values()) process.kill(pid, 'SIGKILL');
    const text = await stdout.rest();
    expect(text).toMatch(/\n12 runs, 0 finished once, 0 run twice, 4 still claimed$/);
    expect(await ended).toBe(1);
    const held = /^still claimed by agent-[ab] \(killed\): [a-z]+-[a-z]+ [0-9a-f-]{36}$/gm;
    expect(text.match(held)).toHaveLength(4);
    expect(text.match(/^claimed by nobody, /gm)).toHaveLength(8);
  });
});
