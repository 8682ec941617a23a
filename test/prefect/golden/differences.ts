/**
 * Where dibs answers otherwise on purpose. The one list: the comparison fails for a difference that is
 * not here and for one that is here and gone, and docs/prefect.md is checked against it.
 */
export interface WantedDifference {
  /** A sentence for users: it stands in docs/prefect.md. */
  readonly reason: string;
  /** `scenario / case`; `*` stands for any text. Each one must still differ. */
  readonly where: readonly string[];
  /** Only there in the answer: `status`, `body.state.*`. Default: anywhere in it. */
  readonly at?: readonly string[];
}

export const DIFFERENCES: readonly WantedDifference[] = [];
