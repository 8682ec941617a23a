import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Order } from '../../agent/child/child-messages.ts';
import { startChild } from '../../agent/child/child-process.ts';
import { url } from '../support/processes.ts';

/** Executes an order in a real child, and returns what of its output has arrived by its end. */
async function outputOf(order: Order) {
  const [out, err, log]: [string[], string[], string[]] = [[], [], []];
  const child = startChild({
    order,
    env: process.env,
    onStdout: (line) => out.push(line),
    onStderr: (line) => err.push(line),
    onLog: (_, message) => log.push(message),
    onLoaded: async () => {},
  });
  const { type } = await child.ended;
  return { type, out, err, log };
}

const numbered = (what: string, lines: number) =>
  Array.from({ length: lines }, (_, line) => `${what} ${line + 1}`);

test.each([
  ['returns', 300, 'returned'],
  ['returns', 20_000, 'returned'],
  ['throws', 1_000, 'threw'],
  ['exits', 1_000, 'died'],
  ['is killed', 1_000, 'died'],
  ['throws where nobody catches', 1_000, 'died'],
])('a flow that %s has all its output in its log: %i lines', async (ends, lines, type) => {
  const output = await outputOf({
    type: 'flow',
    file: fileURLToPath(url('test/agent/flows.ts')),
    exportName: 'prints',
    cwd: process.cwd(),
    parameters: { lines, ends },
    runId: 'r',
    attempt: 1,
    runCount: 1,
  });
  expect(output.type).toBe(type);
  expect(output.out).toEqual([...numbered('out', lines), 'no line end']);
  expect(output.err.slice(0, lines)).toEqual(numbered('err', lines));
  expect(output.log).toEqual(numbered('log', lines));
});

test('a command has all its output in its log, too: 20000 lines', async () => {
  const command = 'seq 20000; printf "no line end"; seq 2000 >&2';
  const output = await outputOf({ type: 'command', command, cwd: process.cwd(), stdin: '{}' });
  expect(output.out).toHaveLength(20_001);
  expect(output.out.slice(-2)).toEqual(['20000', 'no line end']);
  expect(output.err).toHaveLength(2_000);
});
