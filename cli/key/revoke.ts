import { type Command, InvalidArgumentError } from 'commander';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import {
  assertTableOptions,
  inTable,
  type TableOptions,
  withTableOptions,
} from '../command/in-table.ts';
import { operate } from '../command/operate.ts';
import { type OperatorOptions, parseId, withOperatorOptions } from '../command/operator-options.ts';
import { printJson, printLine } from '../terminal/print.ts';

/** Adds `dibs key revoke`. */
export function registerKeyRevoke(program: Command): void {
  const command = commandGroup(program, 'key', GROUPS.key)
    .command('revoke')
    .description('revoke an API key; on AWS it may still be accepted for a minute')
    .argument('<id>', 'the id of the key: dibs key ls lists them', parseKeyId)
    .action(revoke);
  withTableOptions(command, 'for a table that the API does not use yet');
  withOperatorOptions(command);
}

async function revoke(
  id: string,
  options: OperatorOptions & TableOptions,
  command: Command,
): Promise<void> {
  const { url, json, table, region } = options;
  assertTableOptions(options, command);
  if (table) {
    const { revokeApiKey } = await import('../../core/access/api-keys.ts');
    await inTable(table, region, (context) => revokeApiKey(context, id));
  } else await operate(url, (client) => client.revokeApiKey({ id }));
  if (json) return printJson({ id, revoked: true });
  printLine(`Revoked key ${id}. On AWS it may still be accepted for a minute.`);
}

function parseKeyId(text: string): string {
  try {
    return parseId(text);
  } catch {
    throw new InvalidArgumentError('Expected the id of a key: dibs key ls lists them.');
  }
}
