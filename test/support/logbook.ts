import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { Context } from '../../core/context.ts';

/** Planted in what callers send: it may be stored, and answered, and never logged. */
export const planted = (name: string): string => `planted-${name}-0f1e2d3c`;

/** What a stack of a test logs, and the secrets it makes: compared when all tests have run. */
export function kept(context: Context): Context {
  const folder = inject('logFolder');
  const note = (file: string, value: unknown) =>
    appendFileSync(join(folder, `${file}.${process.pid}`), `${JSON.stringify(value)}\n`);
  return {
    ...context,
    newSecret: () => {
      const secret = context.newSecret();
      note('secrets', secret);
      return secret;
    },
    tell: (claim) => {
      note('lines', claim);
      context.tell(claim);
    },
    log: (line) => {
      note('lines', { ...line, error: toldError(line.error) });
      context.log(line);
    },
  };
}

/** As much of it as the logger of the Lambdas tells: its own fields and causes, too. */
function toldError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  return { ...error, name, message, stack, cause: toldError(cause) };
}
