/**
 * An error that the user at the terminal can correct. Its message is one sentence for them: what
 * was found, and what to do. The command line prints it alone, without a stack, and exits with 1.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}
