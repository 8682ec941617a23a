/** The places in a run's life, and what goes wrong there. */
export const WHERE = [
  'open',
  'claim',
  'start',
  'heartbeat',
  'finish',
  'give back',
  'cancel',
  'recover',
] as const;
export type Where = (typeof WHERE)[number];

export const WHAT = [
  'process killed',
  'process frozen past its lease',
  'reply lost, agent and server',
  'reply lost, server and database',
  'request lost',
  'request delivered twice, late',
  'throttled by the database',
  'transaction conflict',
  'agent clock an hour off',
  'index 5 s stale',
  'server killed between two writes',
] as const;
export type What = (typeof WHAT)[number];

/**
 * Faults with real agent processes. Each of these has its own test file; the others have one per
 * row.
 */
export const WITH_PROCESSES = [
  'process killed',
  'process frozen past its lease',
  'agent clock an hour off',
] as const satisfies readonly What[];

type Test = () => Promise<void>;

/** A cell of the table: its tests, by the sentence that holds, or the reason why there are none. */
export type Cell = { readonly tests: Readonly<Record<string, Test>> } | { readonly reason: string };

/** The same cell, with more tests. */
export const and = (cell: Cell, tests: Readonly<Record<string, Test>>): Cell => ({
  tests: { ...('tests' in cell ? cell.tests : {}), ...tests },
});

export type Row = Readonly<Record<What, Cell>>;
type WithProcesses = (typeof WITH_PROCESSES)[number];
export type MessageCells = Omit<Row, WithProcesses>;
export type ProcessCells = Pick<Row, WithProcesses>;
