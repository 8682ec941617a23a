import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FreshTable, freshTable } from '../support/dynamodb.ts';
import { claimFaults } from './claim-invariants.ts';
import { LimitsHistory } from './limits-history.ts';
import { type History, history, SCOPES } from './limits-operations.ts';
import { placeFaults, slotFaults } from './place-invariants.ts';
import { type Found, scanTable } from './table-scan.ts';

/** `DIBS_HISTORIES=1000 npx vitest run test/faults/limits.property` */
const HISTORIES = Number(process.env['DIBS_HISTORIES'] ?? 40);

/** How much may be held: unbounded where there is no limit, or where what is held is being counted. */
function boundsIn({ limits }: Found): Map<string, number> {
  return new Map(
    limits.map(({ scope, limit, settlesAt }) => [
      `${scope.kind}#${scope.id}`,
      limit === null || settlesAt !== null ? Number.POSITIVE_INFINITY : limit,
    ]),
  );
}

const heldIn = ({ slots }: Found): Map<string, number> => {
  const held = new Map<string, number>();
  for (const { scope } of slots) held.set(scope, (held.get(scope) ?? 0) + 1);
  return held;
};

/** More held than before, and than any limit that was in force meanwhile. */
function excesses(before: Found, after: Found, set: readonly number[]): string[] {
  const [was, bounds] = [heldIn(before), boundsIn(before)];
  const now = boundsIn(after);
  return [...heldIn(after)].flatMap(([scope, held]) => {
    const most = Math.max(
      was.get(scope) ?? 0,
      bounds.get(scope) ?? Number.POSITIVE_INFINITY,
      now.get(scope) ?? Number.POSITIVE_INFINITY,
      ...set,
    );
    return held > most ? [`${scope}: ${held} held, at most ${most} allowed`] : [];
  });
}

async function live({ limits, steps }: History, table: FreshTable): Promise<void> {
  const lived = new LimitsHistory(table);
  await lived.begin(limits);
  let before = await scanTable(table);
  for (const { atOnce, seconds } of steps) {
    await Promise.all(atOnce.map((operation) => lived.take(operation)));
    const set = atOnce.flatMap((one) => (one.kind === 'limit' && one.to !== null ? [one.to] : []));
    const after = await scanTable(table);
    expect(await brokenIn(lived, after, excesses(before, after, set))).toEqual([]);
    before = after;
    if (seconds === 0) continue;
    await lived.pass(seconds);
    before = await scanTable(table);
    expect(await brokenIn(lived, before, excesses(after, before, []))).toEqual([]);
  }
  // No slot is left behind: under limits, everything gets to its end.
  for (let scope = 0; scope < SCOPES; scope++) await lived.take({ kind: 'limit', scope, to: 2 });
  await lived.pass(20);
  expect(await lived.bringHome()).toBe(true);
  const home = await scanTable(table);
  expect(await brokenIn(lived, home, [])).toEqual([]);
  expect(home.slots).toEqual([]);
}

async function brokenIn(
  lived: LimitsHistory,
  found: Found,
  more: readonly string[],
): Promise<string[]> {
  const { faults } = await claimFaults(lived.context, found, { handed: [], accepted: [] });
  const places = found.runs.flatMap(placeFaults);
  return [...places, ...slotFaults(found), ...faults, ...more, ...lived.excesses];
}

test(`in any of ${HISTORIES} histories no limit is exceeded, and no slot is lost`, {
  timeout: 120_000 + HISTORIES * 5_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(history, async (one) => {
      const table = await freshTable();
      try {
        await live(one, table);
      } finally {
        await table.client.send(new DeleteTableCommand({ TableName: table.tableName }));
        table.client.destroy();
      }
    }),
    // Its seed and the shortest failing history are part of the error's message.
    {
      numRuns: HISTORIES,
      interruptAfterTimeLimit: 100_000 + HISTORIES * 4_500,
      markInterruptAsFailure: true,
    },
  );
});
