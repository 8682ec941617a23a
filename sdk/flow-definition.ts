import type * as z from 'zod';

/** Lines written here are kept with the run. */
export interface FlowLog {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** What a flow is told about its run. */
export interface FlowContext {
  readonly runId: string;
  /**
   * How often the run was claimed: 1, 2, 3... The fencing number: of two executions of one run, the
   * one with the higher attempt is the one that counts.
   */
  readonly attempt: number;
  /** How often the run was started, retries included: 1, 2, 3... */
  readonly runCount: number;
  /** Aborted when the run is cancelled or its time is up; the process is killed soon after. */
  readonly signal: AbortSignal;
  readonly log: FlowLog;
}

export interface FlowOptions {
  /** How often a run that throws is tried again. Default 0. */
  readonly retries?: number;
  /** Between a failure and the next try. Default 0. */
  readonly retryDelaySeconds?: number;
  /** A run that takes longer is stopped and FAILED. Default: no limit. */
  readonly timeoutSeconds?: number;
  readonly description?: string;
}

export type Checked =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

/** All that an agent or `deploy` needs to know of a flow. */
export interface FlowDefinition {
  readonly name: string;
  readonly options: FlowOptions;
  readonly schema: z.ZodType | undefined;
  /** Checks parameters as they came in, and fills in the schema's defaults. */
  check(parameters: unknown): Promise<Checked>;
  /** Calls the flow's function with checked parameters. */
  call(parameters: unknown, context: FlowContext): Promise<unknown>;
}

/**
 * Where a flow carries its definition. A registered symbol: the agent and the flow it runs may each
 * have an installation of dibs of their own, and still understand each other.
 */
export const FLOW: unique symbol = Symbol.for('dibs.flow') as never;

/** The definition of what `flow()` gave; undefined for anything else. */
export function flowDefinition(value: unknown): FlowDefinition | undefined {
  if (typeof value !== 'function') return undefined;
  return (value as { [FLOW]?: FlowDefinition })[FLOW];
}
