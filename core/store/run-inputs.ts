import type { RunInput } from '../run-inputs.ts';

/** What was sent to runs, by key. */
export interface RunInputStore {
  createInput(runId: string, input: RunInput): Promise<'created' | 'exists'>;
  readInput(runId: string, key: string): Promise<RunInput | undefined>;
  /** Those whose keys begin so. */
  listInputs(runId: string, prefix: string): Promise<RunInput[]>;
  deleteInput(runId: string, key: string): Promise<'deleted' | 'missing'>;
}
