import type { LogLine } from '../../model/logs.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { inBatches } from '../batches.ts';
import type { Context } from '../context.ts';
import { type LogFilter, matchesLog } from '../filters/logs.ts';
import { countLines } from './count-lines.ts';
import { forgetLogIndex, logIndex, type OwnedEntry } from './log-index.ts';
import { cannotLookUp, ownersOf } from './owners.ts';
import { type Stretch, stretchesOf } from './page-of-lines.ts';
import { NO_RUN } from './write-logs.ts';

export type AddressedLine = LogLine & {
  readonly runId: string | null;
  readonly arrivedAt: Instant;
};

interface Page {
  readonly offset: number;
  readonly limit: number;
}

/** Batches, of which the index says how many lines match; or lines that were read to be counted. */
type Part = Stretch & ({ readonly entry: OwnedEntry } | { readonly read: AddressedLine[] });

/**
 * Returns one page of log lines, sorted by time. Read are only the batches that may have a line of
 * the page, and those of which the index does not say how many of their lines match.
 * @throws DibsError filter_too_broad if the filter names no run, or too many, or if too many lines
 *   would have to be read
 */
export async function filterLogs(
  context: Context,
  filter: LogFilter | null | undefined,
  newestFirst: boolean,
  page: Page,
): Promise<AddressedLine[]> {
  if (page.limit === 0) return [];
  const reader = { context, filter, foundGone: false };
  const lines = await readPage(reader, newestFirst, page);
  if (!reader.foundGone) return lines;
  forgetLogIndex(context);
  return readPage(reader, newestFirst, page);
}

interface Reader {
  readonly context: Context;
  readonly filter: LogFilter | null | undefined;
  /** A run was deleted since its index was read. It may have come again, with other lines. */
  foundGone: boolean;
}

async function readPage(
  reader: Reader,
  newestFirst: boolean,
  page: Page,
): Promise<AddressedLine[]> {
  const { context, filter } = reader;
  const owners = await ownersOf(context, filter ?? {});
  if (owners.length > NUMBERS.filterPartitions)
    throw cannotLookUp(`of more than ${NUMBERS.filterPartitions} runs`);
  const entries = (await Promise.all(owners.map((owner) => logIndex(context, owner)))).flat();
  const parts = await partsOf(reader, entries);
  return newestFirst
    ? (await pageOf(reader, parts, fromTheEnd(parts, page))).reverse()
    : pageOf(reader, parts, page);
}

/** All lines of one run, oldest first; undefined: they have more bytes than this. */
export async function logsOf(
  context: Context,
  runId: string,
  atMostBytes: number,
): Promise<AddressedLine[] | undefined> {
  const entries = await logIndex(context, { runId });
  if (entries.reduce((sum, { bytes }) => sum + bytes, 0) > 2 * atMostBytes) return undefined;
  return sorted(await readAll({ context, filter: undefined, foundGone: false }, entries));
}

async function partsOf(reader: Reader, entries: readonly OwnedEntry[]): Promise<Part[]> {
  const parts: Part[] = [];
  const uncounted: OwnedEntry[] = [];
  for (const entry of entries) {
    const lines = countLines(entry, reader.filter);
    if (lines === undefined) uncounted.push(entry);
    else if (lines > 0) parts.push({ from: entry.from, to: entry.to, lines, entry });
  }
  const read = await readAll(reader, uncounted);
  // Each line is a stretch of its own: its time is known.
  for (const line of read) parts.push({ from: line.at, to: line.at, lines: 1, read: [line] });
  return parts;
}

async function pageOf(
  reader: Reader,
  parts: readonly Part[],
  page: Page,
): Promise<AddressedLine[]> {
  const { needed, before } = stretchesOf(parts, page);
  const entries = needed.flatMap((part) => ('entry' in part ? [part.entry] : []));
  const read = needed.flatMap((part) => ('read' in part ? part.read : []));
  const lines = sorted([...(await readAll(reader, entries)), ...read]);
  const offset = page.offset - before;
  return lines.slice(offset, offset + page.limit);
}

function fromTheEnd(parts: readonly Part[], { offset, limit }: Page): Page {
  const all = parts.reduce((sum, { lines }) => sum + lines, 0);
  const end = Math.max(0, all - offset);
  const start = Math.max(0, end - limit);
  return { offset: start, limit: end - start };
}

/** The lines of these batches that match. @throws DibsError filter_too_broad */
async function readAll(reader: Reader, entries: readonly OwnedEntry[]): Promise<AddressedLine[]> {
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const isMuch = bytes > NUMBERS.logBytesRead && entries.length > 1;
  if (isMuch) throw cannotLookUp('in so many lines', 'Narrow the filter: logs.timestamp.');
  const matches = matchesLog(reader.filter);
  const found: AddressedLine[] = [];
  for (const some of inBatches(entries, NUMBERS.recoverAtOnce)) {
    for (const lines of await Promise.all(some.map((entry) => readOne(reader, entry)))) {
      found.push(...lines.filter(matches));
    }
  }
  return found;
}

async function readOne(reader: Reader, entry: OwnedEntry): Promise<AddressedLine[]> {
  const { owner } = entry;
  const lines = await reader.context.store.readLogBatch(owner, entry);
  if (lines.length === 0) reader.foundGone = true;
  const runId = 'runId' in owner && owner.runId !== NO_RUN ? owner.runId : null;
  return lines.map((line) => ({ ...line, runId, arrivedAt: entry.at }));
}

/** By time, and then by id: the same order on every page. */
const sorted = (lines: readonly AddressedLine[]): AddressedLine[] =>
  lines.toSorted((a, b) => a.at - b.at || a.arrivedAt - b.arrivedAt);
