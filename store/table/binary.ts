/** An id takes 16 bytes in an item instead of 36. */
export const idBytes = (id: string): Uint8Array => Buffer.from(id.replaceAll('-', ''), 'hex');

export function idText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return [...parts, hex.slice(20)].join('-');
}

export const secretBytes = (secret: string): Uint8Array => Buffer.from(secret, 'base64url');
export const secretText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** A TTL attribute is in seconds. */
export const ttl = (at: number): number => Math.ceil(at / 1_000_000);
