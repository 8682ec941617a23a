import { type Command, InvalidArgumentError } from 'commander';
import { apiUrl } from '../../client/api-url.ts';

/** What every verb of an operator takes. */
export interface OperatorOptions {
  readonly url: string;
  readonly json?: true;
}

/** Verbs that change something tell who does it. */
export interface ByOptions extends OperatorOptions {
  readonly by?: string;
}

/** Adds `--url` and `--json`. */
export function withOperatorOptions(command: Command): Command {
  return command
    .option('--url <url>', 'where the API is (env: DIBS_API_URL, PREFECT_API_URL)', apiUrl())
    .option('--json', 'print the answer of the API as JSON');
}

/** Adds `--by`, too. */
export function withBy(command: Command): Command {
  return withOperatorOptions(command).option(
    '--by <name>',
    'who does it (default: your user name, at this host)',
    parseName,
  );
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id of a run or a deployment. */
export function parseId(text: string): string {
  if (UUID.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError('Expected an id: a UUID.');
}

/** Of each argument in `<ids...>`. */
export const parseIds = (text: string, before: readonly string[] = []): string[] => [
  ...new Set([...before, parseId(text)]),
];

/** A variable of the shell that is not set is no name. */
export function parseName(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('Expected a name.');
}
