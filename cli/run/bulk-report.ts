import type { Client } from '../../client/index.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { countOf, printJson, printLine } from '../terminal/print.ts';
import type { BulkOptions } from './bulk-options.ts';

export type Reply = Awaited<ReturnType<Client['retryFlowRuns']>>;
type Skipped = { readonly id: string; readonly name: string | null; readonly reason: string };

/** One operation on many runs. */
export interface BulkVerb {
  readonly route: 'retryFlowRuns' | 'cancelFlowRuns';
  /** `retried`; in a dry run: `would retry`. */
  readonly done: string;
  readonly would: string;
  /** Whether a changed run may later match the filter again. */
  readonly mayMatchAgain: boolean;
  /** A sentence about the changed runs, to be added to the total. */
  readonly remark?: (changed: Reply['changed']) => string;
}

/** Collects what was done so far, and prints each run as it is done. */
export class BulkReport {
  readonly changed: Array<Reply['changed'][number]> = [];
  readonly skipped: Skipped[] = [];
  more = false;
  readonly #verb: BulkVerb;
  readonly #options: BulkOptions;
  readonly #seen = new Set<string>();

  constructor(verb: BulkVerb, options: BulkOptions) {
    this.#verb = verb;
    this.#options = options;
  }

  add(reply: { changed: Reply['changed']; skipped: readonly Skipped[]; more: boolean }): void {
    this.more = reply.more;
    this.changed.push(...reply.changed);
    // A skipped run still matches the filter, so each call returns it again.
    const skipped = reply.skipped.filter(({ id }) => !this.#seen.has(id));
    for (const { id } of skipped) this.#seen.add(id);
    this.skipped.push(...skipped);
    if (this.#options.json) return;
    const done = this.#options.dryRun ? this.#verb.would : this.#verb.done;
    for (const run of reply.changed) {
      printLine(`${done} ${run.id} ${run.name}: ${run.state_name}`);
    }
    for (const { id, name, reason } of skipped) {
      printLine(`skipped ${id}${name === null ? '' : ` ${name}`}: ${reason}`);
    }
  }

  /** True if a run given by its id was skipped, or if more runs match that no call can reach. */
  isFailure(ids: readonly string[]): boolean {
    if (ids.length > 0) return this.skipped.length > 0;
    return this.more && !this.#options.dryRun;
  }

  printTotal(): void {
    const { dryRun, json } = this.#options;
    if (json) {
      printJson(this);
      return;
    }
    const done = dryRun ? this.#verb.would : this.#verb.done;
    const remark = dryRun ? 'Nothing was changed.' : (this.#verb.remark?.(this.changed) ?? '');
    const more = dryRun
      ? `More runs match; these are the first ${NUMBERS.bulkAtMost}.`
      : 'More runs match, but runs that cannot be changed come first: narrow the choice, or give ids.';
    const count = `${done} ${countOf(this.changed.length, 'run')}, skipped ${this.skipped.length}.`;
    printLine([capital(count), remark, this.more ? more : ''].filter(Boolean).join(' '));
  }
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
