/** The numbers of NUMBERS (numbers.ts) that bound the bodies of requests. */
export const OF_BODIES = {
  /**
   * A body after it was inflated. It is what Lambda takes uncompressed, so that a compressed body of
   * some kilobytes cannot cost more than any other.
   */
  bodyBytes: 6 * 1024 * 1024,
  /** JSON parsers recurse, here and in every client: Python's stops at a depth of about 1,000. */
  jsonDepth: 500,
  /** Values in a body, each element and member counted: more than parameters of 512 KiB can have. */
  bodyValues: 300_000,
  /** Values outside the fields that are kept as text. Each may be a fault with a text of its own. */
  checkedValues: 50_000,
  /** Items of a list in a body for which its schema has no other bound. */
  listItems: 10_000,
  /** Faults of a body that the response lists. The rest is counted. */
  faultsShown: 10,
  /** A larger body is not repeated in the response that refuses it. */
  bodyEchoed: 64 * 1024,
} as const;
