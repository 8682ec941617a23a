/**
 * Something the person at the terminal can put right. The message is one sentence made for them:
 * what was seen, and what to do. The command line prints it alone, without a stack, and exits 1.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}
