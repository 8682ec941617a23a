import * as fc from 'fast-check';
import { afterAll, test } from 'vitest';
import { type FreshTable, freshTable } from '../support/dynamodb.ts';
import { History, KINDS, type Step } from './history.ts';

/** `DIBS_HISTORIES=1000 npm test -- test/limits/histories`: some minutes. */
const HISTORIES = Number(process.env['DIBS_HISTORIES'] ?? 25);

/** Sweeps look at all pools of a table: a thousand histories in one would look at each other. */
const HISTORIES_PER_TABLE = 20;
const tables: FreshTable[] = [];
let begun = 0;
afterAll(() => {
  for (const { client } of tables) client.destroy();
});

async function begin(): Promise<History> {
  if (begun++ % HISTORIES_PER_TABLE === 0) tables.push(await freshTable());
  return History.begin(tables.at(-1) as FreshTable);
}

const run = fc.nat({ max: 11 });
const of = <Kind extends Step['kind']>(kind: Kind) => ({ kind: fc.constant(kind) });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      ...of('poll'),
      agent: fc.nat({ max: 2 }),
      limit: fc.integer({ min: 1, max: 6 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      ...of('direct'),
      name: fc.nat({ max: 2 }),
      run,
      type: fc.constantFrom('PENDING' as const, 'RUNNING' as const),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      ...of('end'),
      run,
      type: fc.constantFrom('COMPLETED', 'FAILED', 'SCHEDULED', 'SCHEDULED', 'PAUSED'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ ...of('release'), run }) },
  { weight: 1, arbitrary: fc.record({ ...of('die'), agent: fc.nat({ max: 2 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      ...of('limit'),
      of: fc.constantFrom(...KINDS),
      to: fc.option(fc.integer({ min: 0, max: 5 }), { freq: 5 }),
    }),
  },
  { weight: 2, arbitrary: fc.record(of('pass')) },
) as fc.Arbitrary<Step>;

const rounds = fc.array(fc.array(step, { minLength: 1, maxLength: 5 }), {
  minLength: 4,
  maxLength: 12,
});

test('no history of claims, ends, deaths and changed limits exceeds a limit or strands a slot', {
  timeout: 30 * 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(rounds, async (history) => {
      const world = await begin();
      for (const steps of history) await world.round(steps);
    }),
    { numRuns: HISTORIES, endOnFailure: true },
  );
});
