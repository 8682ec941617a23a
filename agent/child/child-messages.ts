/** What a child is to execute. */
export type Order =
  | {
      readonly type: 'flow';
      /** Absolute. */
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
      /** For the shell. */
      readonly command: string;
      readonly cwd: string;
      /** JSON, for the command's standard input. */
      readonly stdin: string;
    };

export type ToChild =
  | { readonly type: 'order'; readonly order: Order }
  /** The agent has noted what `loaded` told: run. */
  | { readonly type: 'go' }
  /** End soon: the run is cancelled, or its time is up. */
  | { readonly type: 'abort'; readonly reason: string };

/** What the flow's options ask of the agent. */
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

/** How a child ended. All but `died` it says itself. */
export type ChildEnd =
  /** JSON text; `null` for a flow that returned nothing. */
  | { readonly type: 'returned'; readonly json: string }
  | { readonly type: 'threw'; readonly error: Thrown }
  /** Parameters, or what was returned, are not what they must be. */
  | { readonly type: 'unfit'; readonly message: string }
  /** The user's code never started. */
  | { readonly type: 'not_loaded'; readonly message: string }
  /** A command ended. */
  | { readonly type: 'exited'; readonly code: number | null; readonly signal: string | null }
  /** Without a word. */
  | { readonly type: 'died'; readonly code: number | null; readonly signal: string | null };
