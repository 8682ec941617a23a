import { type Command, InvalidArgumentError } from 'commander';
import { apiUrl } from '../../client/api-url.ts';

/** Options that every command for operators takes. */
export interface OperatorOptions {
  readonly url: string;
  readonly json?: true;
}

/** Options of commands that record who made the change. */
export interface ByOptions extends OperatorOptions {
  readonly by?: string;
}

/** Adds `--url` and `--json`. */
export function withOperatorOptions(command: Command): Command {
  return command
    .option('--url <url>', 'the address of the API (env: DIBS_API_URL, PREFECT_API_URL)', apiUrl())
    .option('--json', "print the API's response as JSON");
}

/** Adds `--url`, `--json` and `--by`. */
export function withBy(command: Command): Command {
  return withOperatorOptions(command).option(
    '--by <name>',
    'who makes the change (default: your user name, at this host)',
    parseName,
  );
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Parses a UUID, such as the id of a run or a deployment, into lower case. */
export function parseId(text: string): string {
  if (UUID.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError('Expected an id: a UUID.');
}

/** Parses each argument of `<ids...>`, and keeps each id once. */
export const parseIds = (text: string, before: readonly string[] = []): string[] => [
  ...new Set([...before, parseId(text)]),
];

/** Refuses an empty name, which an unset variable of the shell would give. */
export function parseName(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('Expected a name.');
}
