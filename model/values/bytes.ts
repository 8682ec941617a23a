/** How large a payload, a record or a response may be: the part of NUMBERS that counts bytes. */
export const BYTES = {
  /**
   * Bytes of a payload that is stored in the run's item, which must stay under 1 KB; larger ones
   * lie beside it.
   */
  inlineBytes: 256,
  /**
   * Bytes of a run's parameters, and of other payloads without a bound of their own. Prefect's
   * bound.
   */
  parametersBytes: 512 * 1024,
  /** Bytes of a state's data: with the rest of its run it must fit into a response (replyBytes). */
  dataBytes: 3 * 1024 * 1024,
  /**
   * UTF-16 units of a state's message that responses show. A longer one is stored whole, and shown
   * whole where one state is read. Its beginning always lies in the first chunk (chunkBytes).
   */
  messageShown: 100_000,
  /** Bytes of a message with its state's data and the rest of the response: under replyBytes. */
  messageBytes: 900 * 1024,
  /** Bytes of a payload or of logs that are put into one item. DynamoDB's bound is 400 KB. */
  chunkBytes: 300 * 1024,
  /**
   * Bytes of a job template, a block schema, a block document, an artifact, a deployment or an
   * input: each is one item, with the rest of its record.
   */
  recordBytes: 300 * 1024,
  /** Bytes of a record's labels, which are stored in the record. */
  labelsBytes: 16 * 1024,
  /** Bytes of the inputs that a task run names, which are stored in its record. */
  taskInputsBytes: 200 * 1024,
  /** Bytes of log lines that one request may read to find a page: they are in memory at once. */
  logBytesRead: 32 * 1024 * 1024,
  /**
   * Bytes of states on the run's item beyond which a decided transition moves the older half out:
   * an item may have 400 KB, of which tags may take 150 KB.
   */
  statesBytes: 60 * 1024,
  /** Bytes at which a response stops: Lambda's bound is 6 MB. */
  replyBytes: 4 * 1024 * 1024,
  /**
   * Bytes from which on a response is compressed if the caller accepts it: < 0.5 ms for ten runs.
   */
  compressedFrom: 16 * 1024,
} as const;
