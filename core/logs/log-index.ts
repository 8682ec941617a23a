import type { LogBatchEntry } from '../../model/logs.ts';
import type { Owner } from '../../model/runs/run-store.ts';
import { type Instant, MINUTE } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import type { Kept } from '../memory.ts';

/** A batch of lines, and whose it is. */
export type OwnedEntry = LogBatchEntry & { readonly owner: Owner };

interface KnownIndex {
  readonly entries: Map<string, OwnedEntry>;
  readonly readAt: Instant;
}

/** An entry is written at most this long after the time in its key. */
const SETTLES = 2 * MINUTE;

const KNOWN: Kept<Map<string, KnownIndex>> = { begin: () => new Map() };

/**
 * What the index says of an owner's log lines. Entries are only ever added, so a process reads each
 * of them once: a reader who goes through many pages, or follows, costs what is new.
 */
export async function logIndex(context: Context, owner: Owner): Promise<OwnedEntry[]> {
  const known = context.memory.of(KNOWN);
  const key = 'runId' in owner ? `run ${owner.runId}` : `task ${owner.taskRunId}`;
  const before = known.get(key);
  const readAt = context.now();
  const from = before ? Math.max(1, before.readAt - SETTLES) : 0;
  const fresh = await context.store.listLogBatches(owner, from);
  const entries = new Map(before?.entries);
  for (const entry of fresh) entries.set(entry.id, { ...entry, owner });
  known.delete(key);
  known.set(key, { entries, readAt });
  forgetOldest(known);
  return [...entries.values()].filter(({ at }) => at > readAt - NUMBERS.logsKept);
}

/** A deleted run can be created again with the same id, and other logs. */
export const forgetLogIndex = (context: Context): void => context.memory.of(KNOWN).clear();

function forgetOldest(known: Map<string, KnownIndex>): void {
  let size = [...known.values()].reduce((sum, { entries }) => sum + entries.size, 0);
  for (const [key, { entries }] of known) {
    if (size <= NUMBERS.logEntriesKnown) return;
    known.delete(key);
    size -= entries.size;
  }
}
