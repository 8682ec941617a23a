/**
 * Prints the log lines of a run; with -f, until no more lines can arrive.
 *
 * Senders ship lines in batches, some seconds late. So a line may arrive after newer lines were
 * shown, and after the run has ended. While following, each read asks for what has arrived since the
 * last one, however old its lines are, with an overlap of OVERLAP_MS: the server's processes have
 * clocks of their own. When the run is final, QUIET_READS reads, POLL_MS apart, must bring no new
 * line. Each line is shown once (by its id), and every line that arrived before the end is shown.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Client } from '../../client/index.ts';
import { isFinal } from '../../model/runs/state.ts';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import { operate } from '../command/operate.ts';
import { type OperatorOptions, parseId, withOperatorOptions } from '../command/operator-options.ts';
import { printLine, printLines } from '../terminal/print.ts';

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
    let printed = 0;
    for await (const lines of pages(client, id)) {
      lines.forEach(print);
      printed += lines.length;
    }
    if (printed === 0 && !json) printLine(`Run ${name} has logged nothing yet.`);
  });
}

async function follow(client: Client, id: string, print: (line: Line) => void): Promise<void> {
  const { persistently, POLL_MS } = await import('../command/wait-for-run.ts');
  /** When the lines arrived that were shown, as long as another read may bring them again. */
  const seen = new Map<string, number>();
  let newest = 0;
  for (let quiet = 0; quiet < QUIET_READS; ) {
    const { state_type: state } = await persistently(() => client.readFlowRun({ id }));
    const after = newest - OVERLAP_MS;
    let fresh = 0;
    for await (const lines of pages(client, id, after, persistently)) {
      for (const line of lines.filter((one) => !seen.has(one.id))) {
        const arrived = Date.parse(line.created);
        seen.set(line.id, arrived);
        newest = Math.max(newest, arrived);
        fresh++;
        print(line);
      }
    }
    for (const [line, arrived] of seen) if (arrived < newest - OVERLAP_MS) seen.delete(line);
    quiet = isFinal(state) && fresh === 0 ? quiet + 1 : 0;
    if (quiet < QUIET_READS) await delay(POLL_MS);
  }
}

const PAGE = 200;

/** Pages of lines that arrived after this, by time. A run may have more lines than fit the memory. */
async function* pages(
  client: Client,
  id: string,
  after = 0,
  read: <Reply>(request: () => Promise<Reply>) => Promise<Reply> = (request) => request(),
): AsyncGenerator<Line[]> {
  const logs = {
    flow_run_id: { any_: [id] },
    ...(after > 0 ? { arrived: { after_: new Date(after).toISOString() } } : {}),
  };
  for (let offset = 0; ; ) {
    const body = { logs, limit: PAGE, offset, sort: 'TIMESTAMP_ASC' } as const;
    const lines = await read(() => client.filterLogs({ body }));
    yield lines;
    offset += lines.length;
    if (lines.length === 0) return;
  }
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
