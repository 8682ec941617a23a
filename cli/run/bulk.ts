import type { Command } from 'commander';
import type { Client } from '../../client/index.ts';
import { isScheduled } from '../../model/runs/state.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { operate } from '../command/operate.ts';
import { operatorName } from '../command/operator-name.ts';
import { type BulkOptions, chosenRuns } from './bulk-options.ts';
import { BulkReport, type BulkVerb, type Reply } from './bulk-report.ts';

/**
 * Changes the runs that the ids or the options choose, in as many calls as needed, and prints each
 * run.
 */
export async function changeRuns(
  verb: BulkVerb,
  ids: readonly string[],
  options: BulkOptions,
  command: Command,
): Promise<void> {
  const runs = chosenRuns(ids, options, command);
  const { by, note, dryRun, pool, deployment } = options;
  await operate(options.url, async (client) => {
    // The filter chooses nothing for an unknown name, which would look like there is nothing to do.
    if (pool !== undefined) await client.readWorkPool({ name: pool });
    if (deployment !== undefined) await client.readDeployment({ id: deployment });
    const call: Call = ({ ids: some, before } = {}) =>
      client[verb.route]({
        body: {
          ...runs,
          flow_runs: {
            ...runs.flow_runs,
            ...(some ? { id: { any_: [...some] } } : {}),
            ...(before ? { end_time: { ...runs.flow_runs.end_time, before_: before } } : {}),
          },
          by: by ?? operatorName(),
          ...(note === undefined ? {} : { note }),
          ...(dryRun ? { dry_run: true } : {}),
        },
      });
    const report = new BulkReport(verb, options);
    let complete = false;
    try {
      if (ids.length > 0) await changeEach(call, ids, report);
      else await changeFound(client, call, report, { dryRun, ...verb });
      complete = true;
    } finally {
      // If a later call fails, the user must still learn what has been changed.
      if (complete || report.changed.length > 0) report.printTotal();
    }
    if (report.isFailure(ids)) process.exitCode = 1;
  });
}

const MISSING = 'There is no such run, or the options exclude it.';

type Call = (more?: { ids?: readonly string[]; before?: string | undefined }) => Promise<Reply>;

/**
 * Sends the ids in batches. An id that the response neither lists as changed nor as skipped is
 * unknown.
 */
async function changeEach(call: Call, ids: readonly string[], report: BulkReport): Promise<void> {
  for (let i = 0; i < ids.length; i += NUMBERS.bulkAtMost) {
    const some = ids.slice(i, i + NUMBERS.bulkAtMost);
    const reply = await call({ ids: some });
    const known = new Set([...reply.changed, ...reply.skipped].map(({ id }) => id));
    const missing = some.filter((id) => !known.has(id));
    const unknown = missing.map((id) => ({ id, name: null, reason: MISSING }));
    report.add({ ...reply, skipped: [...reply.skipped, ...unknown] });
  }
}

/**
 * Repeats the call until no more runs match: a changed run no longer matches, so each call gets
 * others.
 */
async function changeFound(
  client: Client,
  call: Call,
  report: BulkReport,
  { dryRun, mayMatchAgain }: { dryRun: boolean | undefined } & BulkVerb,
): Promise<void> {
  let before: string | undefined;
  for (;;) {
    const reply = await call({ before });
    report.add(reply);
    const [first] = reply.changed;
    if (!reply.more || !first || dryRun) return;
    if (mayMatchAgain) before ??= await retriedAt(client, first.id);
  }
}

/**
 * When the first run was retried, by the server's clock. Runs that ended after this time are not
 * retried again: otherwise runs that fail again at once would match forever and crowd out the
 * others.
 */
async function retriedAt(client: Client, id: string): Promise<string | undefined> {
  const states = await client.readFlowRunStates({ query: { flow_run_id: id } });
  return states.findLast(({ type }) => isScheduled(type))?.timestamp;
}
