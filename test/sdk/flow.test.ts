import { expect, test } from 'vitest';
import * as z from 'zod';
import { type FlowContext, flow, InvalidParametersError } from '../../sdk/index.ts';

const shout = flow('shout', ({ text, times }) => text.toUpperCase().repeat(times), {
  parameters: z.object({ text: z.string(), times: z.number().int().default(1) }),
});

test('a flow is a function: no server, no agent', async () => {
  await expect(shout({ text: 'hey', times: 2 })).resolves.toBe('HEYHEY');
  expect(shout.name).toBe('shout');
});

test('defaults of the schema are filled in', async () => {
  await expect(shout({ text: 'hey' })).resolves.toBe('HEY');
});

test('parameters that do not fit are refused before the function runs, each finding told', async () => {
  const called: unknown[] = [];
  const careful = flow('careful', (parameters) => void called.push(parameters), {
    parameters: z.object({ path: z.string(), times: z.number() }),
  });
  const refused = careful({ path: 1, times: 'x' } as never);
  await expect(refused).rejects.toThrow(InvalidParametersError);
  await expect(refused).rejects.toThrow(/path: .*string.*times: .*number/);
  expect(called).toEqual([]);
});

test('called by hand it gets a context of its own', async () => {
  const contexts: FlowContext[] = [];
  const curious = flow('curious', (_, context) => void contexts.push(context));
  await curious();
  await curious();
  const [first, second] = contexts;
  expect(first).toMatchObject({ attempt: 1, runCount: 1 });
  expect(first?.signal.aborted).toBe(false);
  expect(first?.runId).toMatch(/^[0-9a-f-]{36}$/);
  expect(second?.runId).not.toBe(first?.runId);
});

test('the caller may give parts of the context', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  const obedient = flow('obedient', (_, context) => context.signal.throwIfAborted());
  await expect(obedient({}, { signal })).rejects.toThrow('enough');
});

test('without a schema the parameters are what the function says they are', async () => {
  const add = flow('add', ({ a, b }: { a: number; b: number }) => a + b);
  await expect(add({ a: 1, b: 2 })).resolves.toBe(3);
});

test.each([
  [{ retries: -1 }, 'retries'],
  [{ retries: 1.5 }, 'retries'],
  [{ retryDelaySeconds: -1 }, 'retryDelaySeconds'],
  [{ timeoutSeconds: 0 }, 'timeoutSeconds'],
  [{ timeoutSeconds: 1e9 }, 'timeoutSeconds'],
])('options that make no sense are refused: %o', (options, named) => {
  expect(() => flow('odd', () => {}, options)).toThrow(named);
});
