import type { Instant } from '../values/instant.ts';

/** Inputs that were sent to runs, by key. */
export interface RunInputStore {
  createInput(runId: string, input: RunInput): Promise<'created' | 'exists'>;
  readInput(runId: string, key: string): Promise<RunInput | undefined>;
  /** The inputs whose keys begin with the prefix. */
  listInputs(runId: string, prefix: string): Promise<RunInput[]>;
  deleteInput(runId: string, key: string): Promise<'deleted' | 'missing'>;
}

/**
 * An input that was sent to a run under a key: a paused run reads the answer it waits for from it.
 */
export interface RunInput {
  readonly id: string;
  readonly key: string;
  /** Any text; Prefect's clients write JSON. */
  readonly value: string;
  readonly sender: string | null;
  readonly createdAt: Instant;
}
