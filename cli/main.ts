import { CommanderError } from 'commander';
import { UserError } from '../local/user-error.ts';
import { createProgram } from './program.ts';

/** Exit codes: the command line is not valid; the command failed. */
const EXIT_USAGE = 2;
const EXIT_FAILED = 1;

function exitCodeOf(error: unknown): number {
  const { DIBS_DEBUG } = process.env;
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  if (error instanceof UserError) console.error(error.message);
  else if (DIBS_DEBUG === '1') console.error(error);
  else console.error(error instanceof Error ? error.message : String(error));
  return EXIT_FAILED;
}

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exit(exitCodeOf(error));
}
