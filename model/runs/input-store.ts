import type { Instant } from '../values/instant.ts';

/** What was sent to runs, by key. */
export interface RunInputStore {
  createInput(runId: string, input: RunInput): Promise<'created' | 'exists'>;
  readInput(runId: string, key: string): Promise<RunInput | undefined>;
  /** Those whose keys begin so. */
  listInputs(runId: string, prefix: string): Promise<RunInput[]>;
  deleteInput(runId: string, key: string): Promise<'deleted' | 'missing'>;
}

/** What somebody sent to a run, under a key: a paused run reads what it waits for. */
export interface RunInput {
  readonly id: string;
  readonly key: string;
  /** A text; Prefect's clients write JSON. */
  readonly value: string;
  readonly sender: string | null;
  readonly createdAt: Instant;
}
