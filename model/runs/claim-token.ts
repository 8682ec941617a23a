/**
 * `<runId>.<attempt>.<secret>`: proof of one claim of one run. An agent sends it with every change
 * of the run. A token that is not the current one changes nothing.
 */
export interface ClaimToken {
  readonly runId: string;
  readonly attempt: number;
  readonly secret: string;
}

export const formatClaimToken = (token: ClaimToken): string =>
  `${token.runId}.${token.attempt}.${token.secret}`;

const SHAPE = /^([0-9a-f]{8}-[0-9a-f-]{27})\.(\d{1,9})\.([\w-]{22})$/;

/** undefined if the text is not a claim token. */
export function parseClaimToken(text: string): ClaimToken | undefined {
  const match = SHAPE.exec(text);
  if (!match) return undefined;
  const [, runId = '', attempt = '', secret = ''] = match;
  return { runId, attempt: Number(attempt), secret };
}
