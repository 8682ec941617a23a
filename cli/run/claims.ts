import type { Command } from 'commander';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import { operate } from '../command/operate.ts';
import { type OperatorOptions, parseId, withOperatorOptions } from '../command/operator-options.ts';
import { printJson, printLine, printTable, shortTime } from '../terminal/print.ts';

/** Adds `dibs run claims`. */
export function registerRunClaims(program: Command): void {
  const command = commandGroup(program, 'run', GROUPS.run)
    .command('claims')
    .description(
      'list every attempt at a run: who held it, from when to when, and how the attempt ended',
    )
    .argument('<id>', 'the run', parseId)
    .action(claims);
  withOperatorOptions(command);
}

async function claims(id: string, { url, json }: OperatorOptions): Promise<void> {
  await operate(url, async (client) => {
    const told = await client.readFlowRunClaims({ id });
    if (json) return printJson(told);
    if (told.length === 0) return printLine('Nobody has claimed this run yet.');
    printTable(
      ['ATTEMPT', 'WORKER', 'SESSION', 'CLAIMED', 'STARTED', 'ENDED', 'WHY'],
      told.map((claim) => [
        String(claim.attempt),
        claim.worker_name ?? '',
        claim.session_id,
        shortTime(claim.claimed),
        shortTime(claim.started),
        shortTime(claim.ended),
        why(claim),
      ]),
    );
  });
}

function why({ reason, message }: { reason: string | null; message: string | null }): string {
  if (reason === null) return 'held now';
  return message ? `${reason}: ${message}` : reason;
}
