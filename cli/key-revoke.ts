import type { Command } from 'commander';
import { commandGroup, GROUPS } from './command-group.ts';
import { operate } from './operate.ts';
import { type OperatorOptions, parseId, withOperatorOptions } from './operator-options.ts';
import { printJson, printLine } from './print.ts';

/** Adds `dibs key revoke`. */
export function registerKeyRevoke(program: Command): void {
  const command = commandGroup(program, 'key', GROUPS.key)
    .command('revoke')
    .description('revoke an API key; on AWS it may still pass for a minute')
    .argument('<id>', 'the key, by its id: dibs key ls', parseId)
    .action(revoke);
  withOperatorOptions(command);
}

async function revoke(id: string, { url, json }: OperatorOptions): Promise<void> {
  await operate(url, async (client) => {
    await client.revokeApiKey({ id });
    if (json) return printJson({ id, revoked: true });
    printLine(`Revoked key ${id}. On AWS it may still pass for a minute.`);
  });
}
