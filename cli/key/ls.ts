import type { Command } from 'commander';
import { allPages } from '../command/all-pages.ts';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import { operate } from '../command/operate.ts';
import { type OperatorOptions, withOperatorOptions } from '../command/operator-options.ts';
import { printJson, printLine, printTable, shortTime } from '../terminal/print.ts';

/** Adds `dibs key ls`. */
export function registerKeyLs(program: Command): void {
  const command = commandGroup(program, 'key', GROUPS.key)
    .command('ls')
    .description(
      'list API keys, including those that are no longer valid; the keys themselves are never shown',
    )
    .action(ls);
  withOperatorOptions(command);
}

async function ls({ url, json }: OperatorOptions): Promise<void> {
  await operate(url, async (client) => {
    const keys = await allPages((page) => client.filterApiKeys({ body: page }));
    if (json) return printJson(keys);
    if (keys.length === 0) return printLine('There are no keys, so this server requires none.');
    const now = new Date().toISOString();
    printTable(
      ['ID', 'NAME', 'ROLE', 'POOLS', 'STATUS', 'EXPIRES', 'LAST USED'],
      keys.map(({ id, name, role, pools, revoked, expires, last_used_on: used }) => [
        id,
        name,
        role,
        pools?.join(', ') ?? 'all',
        statusOf(revoked, expires, now),
        expires === null ? 'never' : shortTime(expires),
        used ?? 'never',
      ]),
    );
  });
}

function statusOf(revoked: string | null, expires: string | null, now: string): string {
  if (revoked !== null) return 'REVOKED';
  return expires !== null && expires <= now ? 'EXPIRED' : 'VALID';
}
