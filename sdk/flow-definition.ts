import type * as z from 'zod';

/** A flow's log. Its lines are kept with the run. */
export interface FlowLog {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** What a flow knows about its run. */
export interface FlowContext {
  readonly runId: string;
  /**
   * How often the run was claimed: 1, 2, 3... This is the fencing number: of two executions of one
   * run, only the one with the higher attempt counts.
   */
  readonly attempt: number;
  /** How often the run was started, retries included: 1, 2, 3... */
  readonly runCount: number;
  /** Aborted when the run is cancelled or has timed out. The process is killed soon after. */
  readonly signal: AbortSignal;
  readonly log: FlowLog;
}

export interface FlowOptions {
  /** How often a run that throws is retried. Default 0. */
  readonly retries?: number;
  /** The pause between a failure and the retry. Default 0. */
  readonly retryDelaySeconds?: number;
  /** A run that takes longer is stopped and becomes FAILED. Default: no timeout. */
  readonly timeoutSeconds?: number;
  readonly description?: string;
}

export type Checked =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

/** Everything that an agent or `deploy` needs to know about a flow. */
export interface FlowDefinition {
  readonly name: string;
  readonly options: FlowOptions;
  readonly schema: z.ZodType | undefined;
  /** Checks the given parameters, and fills in the schema's defaults. */
  check(parameters: unknown): Promise<Checked>;
  /** Calls the flow's function with checked parameters. */
  call(parameters: unknown, context: FlowContext): Promise<unknown>;
}

/**
 * The key under which a flow carries its definition. It is a registered symbol, so that an agent
 * can run a flow that imports another installation of dibs.
 */
export const FLOW: unique symbol = Symbol.for('dibs.flow') as never;

/** The definition of a flow that `flow()` made. Undefined for any other value. */
export function flowDefinition(value: unknown): FlowDefinition | undefined {
  if (typeof value !== 'function') return undefined;
  return (value as { [FLOW]?: FlowDefinition })[FLOW];
}
