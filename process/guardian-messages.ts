/** A message from a process to its guardian. */
export type ToGuardian =
  | {
      readonly type: 'start';
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      readonly cwd: string;
      readonly graceMs: number;
      readonly remove?: string | undefined;
    }
  | { readonly type: 'kill'; readonly signal: NodeJS.Signals }
  | { readonly type: 'end' };

/** A message from the guardian to that process. */
export type FromGuardian =
  | { readonly type: 'started'; readonly pid: number }
  | { readonly type: 'failed'; readonly reason: string }
  | {
      readonly type: 'exited';
      readonly code: number | null;
      readonly signal: NodeJS.Signals | null;
    };
