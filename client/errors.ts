/** The server answered with an error. `message` is a sentence for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** Stable: see docs/errors.md. undefined if something other than dibs answered. */
  readonly code: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    const detail =
      body['detail'] ?? body['exception_message'] ?? REFUSED[status] ?? body['message'];
    const hint = body['hint'];
    super([detail ?? `The server answered ${status}.`, hint].filter(Boolean).join(' '));
    this.status = status;
    this.code = typeof body['code'] === 'string' ? body['code'] : undefined;
    this.body = body;
  }
}

/** Messages for responses of API Gateway itself, which consist of a single word. */
const REFUSED: Readonly<Record<number, string>> = {
  401: 'This server asks for an API key: set DIBS_API_KEY or PREFECT_API_KEY. `dibs key create` creates one. The output FirstKey of a new stack has the command for the first one.',
  403: 'The API key (DIBS_API_KEY, PREFECT_API_KEY) was refused: it is unknown, revoked or expired.',
};

/**
 * No response: the server is away, or the response was lost. The request may have had its effect.
 */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}
