import { printJson, printLine, printTable } from '../terminal/print.ts';
import type { Result } from './apply.ts';
import { KINDS, type Kind } from './records.ts';

interface Entry {
  /** The place in the file, such as `line 3`. Undefined for a record that came from a server. */
  readonly at?: string;
  readonly kind?: Kind;
  readonly name?: string;
  readonly result: Result;
  readonly message?: string;
  /** What it will do otherwise than with Prefect. */
  readonly notices?: readonly string[];
}

const RESULTS = ['created', 'updated', 'unchanged', 'skipped', 'failed'] as const;

/** Collects and prints the result of each record of an import. */
export class ImportReport {
  readonly #entries: Entry[] = [];
  readonly #dryRun: boolean;

  constructor(dryRun: boolean) {
    this.#dryRun = dryRun;
  }

  add(entry: Entry): void {
    this.#entries.push(entry);
  }

  get hasFailed(): boolean {
    return this.#entries.some(({ result }) => result === 'failed');
  }

  print(json: true | undefined): void {
    if (json) {
      printJson({ dry_run: this.#dryRun, records: this.#entries });
      return;
    }
    for (const { at, kind, name, result, message } of this.#entries) {
      if (message === undefined) continue;
      const what = kind === undefined ? [] : [`${kind} ${name}`];
      printLine(`${[at, ...what, result].filter(Boolean).join(': ')}: ${message}`);
    }
    this.#printNotices();
    const kinds = KINDS.filter((kind) => this.#entries.some((entry) => entry.kind === kind));
    const rows = kinds.map((kind) => [kind, ...this.#counts(kind)]);
    if (rows.length > 0) printTable(['KIND', ...RESULTS.map((one) => one.toUpperCase())], rows);
    const unread = this.#entries.filter(({ kind }) => kind === undefined).length;
    if (unread > 0) printLine(`Lines that hold no record: ${unread}.`);
    if (this.#entries.length === 0) printLine('There is nothing to import.');
    if (this.#dryRun) printLine('Nothing was changed: this is what an import would do.');
  }

  #printNotices(): void {
    const told = this.#entries.filter(({ notices = [] }) => notices.length > 0);
    if (told.length === 0) return;
    printLine(
      'These schedules will run at other times than with Prefect, for the reasons in docs/schedules.md:',
    );
    for (const { kind, name, notices = [] } of told) {
      for (const notice of notices) printLine(`  ${kind} ${name}, ${notice}`);
    }
  }

  #counts(kind: Kind): string[] {
    const those = this.#entries.filter((entry) => entry.kind === kind);
    return RESULTS.map((result) => String(those.filter((one) => one.result === result).length));
  }
}
