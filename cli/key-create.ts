import { type Command, InvalidArgumentError, Option } from 'commander';
import { ROLES, type Role } from '../core/access.ts';
import { commandGroup, GROUPS } from './command-group.ts';
import { operate } from './operate.ts';
import { type OperatorOptions, parseName, withOperatorOptions } from './operator-options.ts';
import { parseSpan } from './parse.ts';
import { printJson } from './print.ts';

interface CreateOptions extends OperatorOptions {
  readonly role: Role;
  readonly pool?: string[];
  readonly expires?: number;
  readonly table?: string;
  readonly region?: string;
}

/** Adds `dibs key create`. */
export function registerKeyCreate(program: Command): void {
  const command = commandGroup(program, 'key', GROUPS.key)
    .command('create')
    .description(
      'make an API key; standard output is the key and nothing else, once and never again',
    )
    .argument('<name>', 'whose it is, or what for', parseName)
    .addOption(
      new Option('-r, --role <role>', 'what it may do').choices(ROLES).makeOptionMandatory(),
    )
    .option('-p, --pool <name>', 'role agent: only this pool (may be repeated)', append)
    .option('--expires <span>', 'for how long it is valid: 12h, 90d (default: for ever)', parseSpan)
    .option(
      '--table <name>',
      "write to this deployed table with your AWS credentials: a stack's first key",
    )
    .option('--region <name>', 'with --table: its region (env: AWS_REGION)')
    .addHelpText(
      'after',
      '\nExamples:\n  dibs key create ops --role admin --table my-stack-DibsTable-1ABC' +
        '\n  dibs key create etl-agents --role agent --pool etl --expires 90d',
    )
    .action((name, options) => create(name, options, command));
  withOperatorOptions(command);
}

async function create(name: string, options: CreateOptions, command: Command): Promise<void> {
  const { url, json, role, pool, expires, table, region } = options;
  if (pool && role !== 'agent') command.error('error: only a key of role agent takes --pool');
  if (region && !table) command.error('error: --region goes with --table');
  const wish = { name, role, pools: pool ?? null, validForSeconds: expires ?? null };
  const made = table ? await inTable(table, region, wish) : await throughApi(url, wish);
  if (json) return printJson(made);
  console.error(`Created key ${made.id} of role ${role} for ${name}. It is not shown again:`);
  console.log(made.key);
}

interface Wish {
  readonly name: string;
  readonly role: Role;
  readonly pools: string[] | null;
  readonly validForSeconds: number | null;
}

async function throughApi(url: string, { validForSeconds, ...wish }: Wish) {
  const body = { ...wish, valid_for_seconds: validForSeconds };
  return operate(url, async (client) => {
    const { id, key } = await client.createApiKey({ body });
    return { id, key };
  });
}

/** The first key of a stack: nothing of it passes the API, a template or a log. */
async function inTable(tableName: string, region: string | undefined, wish: Wish) {
  const { openDeployedTable } = await import('../local/deployed-table.ts');
  const { createApiKey } = await import('../core/api-keys.ts');
  const { context, close } = await openDeployedTable(tableName, region);
  try {
    const { key, text } = await createApiKey(context, wish);
    return { id: key.id, key: text };
  } finally {
    close();
  }
}

function append(value: string, values: readonly string[] = []): string[] {
  if (value.trim() === '') throw new InvalidArgumentError('Expected a name.');
  return [...values, value];
}
