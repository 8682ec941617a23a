/** What a child must execute. */
export type Order =
  | {
      readonly type: 'flow';
      /** Absolute path. */
      readonly file: string;
      readonly exportName: string;
      readonly cwd: string;
      readonly parameters: unknown;
      readonly runId: string;
      readonly attempt: number;
      readonly runCount: number;
    }
  | {
      readonly type: 'command';
      /** A command line for the shell. */
      readonly command: string;
      readonly cwd: string;
      /** JSON, for the command's standard input. */
      readonly stdin: string;
    };

export type ToChild =
  | { readonly type: 'order'; readonly order: Order }
  /** The agent has taken note of `loaded`, so the flow may run. */
  | { readonly type: 'go' }
  /** The child must end soon, because the run was cancelled or has timed out. */
  | { readonly type: 'abort'; readonly reason: string };

/** The flow's options that the agent needs. */
export interface Loaded {
  readonly retries: number;
  readonly retryDelaySeconds: number;
  readonly timeoutSeconds: number | undefined;
}

export interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

export type FromChild =
  | ({ readonly type: 'loaded' } & Loaded)
  | { readonly type: 'log'; readonly level: number; readonly message: string }
  | { readonly type: 'end'; readonly end: ChildEnd };

/** How a child ended. The child reports all of these itself, except `died`. */
export type ChildEnd =
  /** JSON text; `null` for a flow that returned nothing. */
  | { readonly type: 'returned'; readonly json: string }
  | { readonly type: 'threw'; readonly error: Thrown }
  /** The parameters do not fit, or the result cannot be kept. */
  | { readonly type: 'unfit'; readonly message: string }
  /** The user's code never started. */
  | { readonly type: 'not_loaded'; readonly message: string }
  /** A command ended. */
  | { readonly type: 'exited'; readonly code: number | null; readonly signal: string | null }
  /** The child ended without a report. */
  | { readonly type: 'died'; readonly code: number | null; readonly signal: string | null };
