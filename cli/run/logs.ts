/**
 * Prints the log lines of a run; with -f, until no more lines can arrive.
 *
 * Senders ship lines in batches, some seconds late. So a line may arrive after newer lines were
 * shown, and after the run has ended. While following, the command reads:
 *
 * | the run is | lines that are read                       | until                                   |
 * |------------|-------------------------------------------|-----------------------------------------|
 * | not final  | those at most OVERLAP_MS older than the   | the run is final                        |
 * |            | newest line that was shown                |                                         |
 * | final      | every line                                | QUIET_READS reads, POLL_MS apart, bring |
 * |            |                                           | no new line                             |
 *
 * Each line is shown once (by its id), and every line that arrived before the end is shown.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Client } from '../../client/index.ts';
import { isFinal } from '../../model/runs/state.ts';
import { allPages } from '../command/all-pages.ts';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import { operate } from '../command/operate.ts';
import { type OperatorOptions, parseId, withOperatorOptions } from '../command/operator-options.ts';
import { printLine, printLines } from '../terminal/print.ts';

/**
 * Prefect's clients send every 2 s. A batch that is later than 30 s is shown when the run has
 * ended.
 */
const OVERLAP_MS = 30_000;
const QUIET_READS = 4;

type Line = Awaited<ReturnType<Client['filterLogs']>>[number];

interface LogsOptions extends OperatorOptions {
  readonly follow?: true;
}

/** Adds `dibs run logs`. */
export function registerRunLogs(program: Command): void {
  const command = commandGroup(program, 'run', GROUPS.run)
    .command('logs')
    .description(
      'print the logs of a run, oldest first; --json prints one line of JSON per log line',
    )
    .argument('<id>', 'the run', parseId)
    .option(
      '-f, --follow',
      'print new lines until the run has ended and its last lines have arrived',
    )
    .action(logs);
  withOperatorOptions(command);
}

async function logs(id: string, { url, json, follow: follows }: LogsOptions): Promise<void> {
  await operate(url, async (client) => {
    // For an unknown run, the server returns an empty list of lines and no error: read the run
    // first.
    const { name } = await client.readFlowRun({ id });
    const print = (line: Line) =>
      json ? console.log(JSON.stringify(line)) : printLines(lineText(line));
    if (follows) return follow(client, id, print);
    const lines = await read(client, id);
    if (lines.length === 0 && !json) printLine(`Run ${name} has logged nothing yet.`);
    lines.forEach(print);
  });
}

async function follow(client: Client, id: string, print: (line: Line) => void): Promise<void> {
  const { persistently, POLL_MS } = await import('../command/wait-for-run.ts');
  const seen = new Set<string>();
  let newest = 0;
  for (let quiet = 0; quiet < QUIET_READS; ) {
    const { state_type: state } = await persistently(() => client.readFlowRun({ id }));
    const after = isFinal(state) ? undefined : newest - OVERLAP_MS;
    const lines = await persistently(() => read(client, id, after));
    const fresh = lines.filter((line) => !seen.has(line.id));
    for (const line of fresh) {
      seen.add(line.id);
      newest = Math.max(newest, Date.parse(line.timestamp));
      print(line);
    }
    quiet = isFinal(state) && fresh.length === 0 ? quiet + 1 : 0;
    if (quiet < QUIET_READS) await delay(POLL_MS);
  }
}

function read(client: Client, id: string, after = 0): Promise<Line[]> {
  const logs = {
    flow_run_id: { any_: [id] },
    ...(after > 0 ? { timestamp: { after_: new Date(after).toISOString() } } : {}),
  };
  return allPages((page) => client.filterLogs({ body: { logs, ...page, sort: 'TIMESTAMP_ASC' } }));
}

/** Python's log levels, which Prefect uses. */
const LEVELS: ReadonlyArray<readonly [number, string]> = [
  [50, 'CRITICAL'],
  [40, 'ERROR'],
  [30, 'WARNING'],
  [20, 'INFO'],
  [0, 'DEBUG'],
];

function lineText({ timestamp, level, name, message }: Line): string {
  const word = LEVELS.find(([from]) => level >= from)?.[1] ?? String(level);
  const time = timestamp.replace(/\.(\d{3})\d*/, '.$1').replace('+00:00', 'Z');
  return `${time}  ${word.padEnd(8)}  ${name}: ${message}`;
}
