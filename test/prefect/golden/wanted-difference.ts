/** A difference that is known, and why it is there. */
export interface WantedDifference {
  /** A sentence for users, which appears in docs/prefect.md. */
  readonly reason: string;
  /** Patterns of `scenario / case`, in which `*` means any text. Each one must still differ. */
  readonly where: readonly string[];
  /** Places in the response: `status`, `body.state.*`. Default: anywhere in it. */
  readonly at?: readonly string[];
}
