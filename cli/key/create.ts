import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Client } from '../../client/index.ts';
import { ROLES, type Role } from '../../model/access.ts';
import { DAY, SECOND } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import {
  assertTableOptions,
  inTable,
  type TableOptions,
  withTableOptions,
} from '../command/in-table.ts';
import { operate } from '../command/operate.ts';
import {
  type OperatorOptions,
  parseName,
  withOperatorOptions,
} from '../command/operator-options.ts';
import { parseSpan } from '../terminal/parse.ts';
import { oneLine, printJson } from '../terminal/print.ts';

interface CreateOptions extends OperatorOptions, TableOptions {
  readonly role: Role;
  readonly pool?: string[];
  readonly expires?: number;
}

/** Adds `dibs key create`. */
export function registerKeyCreate(program: Command): void {
  const command = commandGroup(program, 'key', GROUPS.key)
    .command('create')
    .description(
      'create an API key; standard output is the key and nothing else, and the key is never shown again',
    )
    .argument('<name>', 'who or what the key is for', parseName)
    .addOption(
      new Option('-r, --role <role>', 'what the key may do').choices(ROLES).makeOptionMandatory(),
    )
    .option('-p, --pool <name>', 'with role agent: only this pool (may be repeated)', append)
    .option(
      '--expires <span>',
      'how long the key is valid: 12h, 90d (default: forever)',
      parseExpiry,
    )
    .addHelpText(
      'after',
      '\nExamples:\n  dibs key create ops --role admin --table my-stack-DibsTable-1ABC' +
        '\n  dibs key create etl-agents --role agent --pool etl --expires 90d',
    )
    .action((name, options) => create(name, options, command));
  withTableOptions(command, "for a stack's first key");
  withOperatorOptions(command);
}

async function create(name: string, options: CreateOptions, command: Command): Promise<void> {
  const { url, json, role, pool, expires, table, region } = options;
  assertTableOptions(options, command);
  if (pool && role !== 'agent') command.error('error: --pool is for keys of role agent only');
  const wish = { name, role, pools: pool ?? null, valid_for_seconds: expires ?? null };
  const made = table
    ? await createInTable(table, region, wish, command)
    : await throughApi(url, wish);
  if (json) return printJson(made);
  console.error(
    `Created key ${made.id} of role ${role} for ${oneLine(name)}. It is not shown again:`,
  );
  console.log(made.key);
}

type Wish = Parameters<Client['createApiKey']>[0]['body'];

async function throughApi(url: string, body: Wish) {
  return operate(url, async (client) => {
    const { id, key } = await client.createApiKey({ body });
    await noteMissing(client, body.pools ?? []);
    return { id, key };
  });
}

/**
 * Prints a note for each pool that does not exist. A pool may be created after its key, so this is
 * no error; but without the note only the agents would notice a mistyped name.
 */
async function noteMissing(client: Client, pools: readonly string[]): Promise<void> {
  for (const name of pools) {
    const isThere = await client.readWorkPool({ name }).then(
      () => true,
      // Other errors are ignored, because the key has been created and must be shown.
      (error: { readonly status?: number }) => error.status !== 404,
    );
    if (!isThere) console.error(`Note: there is no work pool ${oneLine(name)} yet.`);
  }
}

/**
 * Creates the first key of a stack in its table. Nothing of the key passes through the API, a
 * template or a log, so the options are checked here instead of by the API.
 */
async function createInTable(
  table: string,
  region: string | undefined,
  body: Wish,
  command: Command,
) {
  const { createApiKey } = await import('../../core/access/api-keys.ts');
  const { ApiKeyCreate } = await import('../../api/access/schemas.ts');
  const checked = ApiKeyCreate.safeParse(body);
  const [issue] = checked.error?.issues ?? [];
  if (issue) command.error(`error: ${issue.path.join('.')}: ${issue.message}`);
  const { name, role } = body;
  const wish = {
    name,
    role,
    pools: body.pools ?? null,
    validForSeconds: body.valid_for_seconds ?? null,
  };
  return inTable(table, region, async (context) => {
    const { key, text } = await createApiKey(context, wish);
    return { id: key.id, key: text };
  });
}

function parseExpiry(text: string): number {
  const seconds = parseSpan(text);
  if (seconds <= NUMBERS.keysValid / SECOND) return seconds;
  const days = NUMBERS.keysValid / DAY;
  throw new InvalidArgumentError(
    `Expected ${days}d at most; a key without --expires never expires.`,
  );
}

function append(value: string, values: readonly string[] = []): string[] {
  if (value.trim() === '') throw new InvalidArgumentError('Expected a name.');
  return [...values, value];
}
