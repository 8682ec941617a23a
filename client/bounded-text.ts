/**
 * The largest reply that is read. A Lambda answers with at most 6 MB; the local stack's replies may
 * be somewhat larger.
 */
const LARGEST_REPLY = 16 * 1024 * 1024;

/** A reply has more bytes than are read. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/**
 * The body of a response as text. No more than `atMost` bytes are kept, so that a reply without an
 * end cannot fill the memory.
 * @throws TooLargeError
 */
export async function boundedText(response: Response, atMost = LARGEST_REPLY): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the stream, which closes the connection.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > atMost) throw new TooLargeError(`The reply has more than ${atMost} bytes.`);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks, bytes));
}
