import type { Command } from 'commander';
import { bearer } from '../../client/api-headers.ts';
import { UserError } from '../../local/user-error.ts';
import { operate } from '../command/operate.ts';
import {
  type OperatorOptions,
  parseName,
  withOperatorOptions,
} from '../command/operator-options.ts';
import { withOwnLimits } from './own-limits.ts';
import type { Item } from './read-lines.ts';
import type { TransferRecord } from './records.ts';

interface ImportOptions extends OperatorOptions {
  readonly fromPrefect?: string;
  readonly authString?: true;
  readonly apiKey?: true;
  readonly ownLimits?: true;
  readonly dryRun?: true;
}

/** Adds `dibs import`. */
export function registerImport(program: Command): void {
  const command = program
    .command('import')
    .description('create or change the records in a file, or those of a Prefect server')
    .argument('[file]', 'a file that dibs export wrote; - is standard input', parseName)
    .option('--from-prefect <url>', 'read from this server, given as in PREFECT_API_URL', parseName)
    .option('--auth-string', 'send PREFECT_API_AUTH_STRING from the environment to that server')
    .option('--api-key', 'send PREFECT_API_KEY from the environment to that server')
    .option('--own-limits', 'give each deployment that shares a limit its own limit of that size')
    .option('--dry-run', 'change nothing; show what would be changed')
    .addHelpText(
      'after',
      '\nA second import changes nothing. The exit code is 1 if any record failed.' +
        '\n\nExamples:\n  dibs import pools.jsonl --dry-run' +
        '\n  dibs import --from-prefect http://127.0.0.1:4200/api --url https://…/api',
    )
    .action(importAll);
  withOperatorOptions(command);
}

async function importAll(
  file: string | undefined,
  options: ImportOptions,
  command: Command,
): Promise<void> {
  const { url, json, fromPrefect, dryRun = false } = options;
  if ((file === undefined) === (fromPrefect === undefined)) {
    command.error('error: give either a file or --from-prefect');
  }
  const headers = credentials(options, command);
  const read = file === undefined ? await fromServer(fromPrefect, headers) : await fromFile(file);
  const items = options.ownLimits ? withOwnLimits(read) : read;
  const { applyRecord } = await import('./apply.ts');
  const { inOrder, nameOf } = await import('./records.ts');
  const { ImportReport } = await import('./report.ts');
  const report = new ImportReport(dryRun);
  await operate(
    url,
    async (client) => {
      let complete = false;
      try {
        for (const item of inPlace(items, inOrder)) {
          const at = item.at === '' ? {} : { at: item.at };
          if ('fault' in item) report.add({ ...at, result: 'failed', message: item.fault });
          else {
            const { record } = item;
            const done = await applyRecord(client, record, dryRun);
            const notices = fromPrefect === undefined ? [] : await noticesOf(record);
            report.add({ ...at, kind: record.kind, name: nameOf(record), ...done, notices });
          }
        }
        complete = true;
      } finally {
        // If the server stops answering, the user must still learn what has been changed.
        report.print(json);
        if (!complete) console.error('The import was interrupted. Run it again to continue.');
      }
    },
    { exactNumbers: true },
  );
  if (report.hasFailed) process.exitCode = 1;
}

/** What a record will do otherwise than with Prefect. */
async function noticesOf(record: TransferRecord): Promise<string[]> {
  if (record.kind !== 'deployment') return [];
  const { timingNotices } = await import('./timing.ts');
  return timingNotices(record, Date.now() * 1000);
}

/** Puts records into the order in which they are applied. Lines that hold no record come first. */
function inPlace(
  items: readonly Item[],
  order: (a: TransferRecord, b: TransferRecord) => number,
): Item[] {
  return items.toSorted((a, b) => {
    if ('record' in a && 'record' in b) return order(a.record, b.record);
    return Number('record' in a) - Number('record' in b);
  });
}

async function fromFile(file: string): Promise<Item[]> {
  const { readFile } = await import('node:fs/promises');
  const { readLines } = await import('./read-lines.ts');
  try {
    return readLines(await readFile(file === '-' ? '/dev/stdin' : file, 'utf8'));
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

async function fromServer(url = '', headers: Record<string, string>): Promise<Item[]> {
  const { createClient } = await import('../../client/index.ts');
  const { readServer } = await import('./read-server.ts');
  const client = createClient({ url, headers, exactNumbers: true, anyShape: true });
  const records = await readServer(client, url, (note) => console.error(note));
  return records.map((record) => ({ at: '', record }));
}

/** Secrets come from the environment, because other processes can read the command line. */
function credentials(
  { fromPrefect, authString, apiKey }: ImportOptions,
  command: Command,
): Record<string, string> {
  if ((authString || apiKey) && fromPrefect === undefined) {
    command.error('error: --auth-string and --api-key need --from-prefect');
  }
  if (authString && apiKey) command.error('error: give either --auth-string or --api-key');
  if (authString) {
    const text = secret('PREFECT_API_AUTH_STRING', command);
    return { authorization: `Basic ${Buffer.from(text).toString('base64')}` };
  }
  return apiKey ? bearer(secret('PREFECT_API_KEY', command), 'PREFECT_API_KEY') : {};
}

function secret(name: string, command: Command): string {
  return process.env[name] || command.error(`error: ${name} is not set`);
}
