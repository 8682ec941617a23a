import type { Command } from 'commander';
import type { Context } from '../../core/context.ts';
import { UserError } from '../../local/user-error.ts';
import { parseName } from './operator-options.ts';

export interface TableOptions {
  readonly table?: string;
  readonly region?: string;
}

/** Adds `--table` and `--region`, for operations that must not or cannot go through the API. */
export function withTableOptions(command: Command, what: string): Command {
  return command
    .option(
      '--table <name>',
      `write to this DynamoDB table with your AWS credentials: ${what}`,
      parseName,
    )
    .option('--region <name>', 'the AWS region of --table (env: AWS_REGION)');
}

export function assertTableOptions({ region, table }: TableOptions, command: Command): void {
  if (region && !table) command.error('error: --region needs --table');
}

/**
 * Calls `what` with access to a deployed table. Nothing of it passes through the API, a template or
 * a log.
 * @throws UserError if a rule of dibs refuses the operation
 */
export async function inTable<Result>(
  table: string,
  region: string | undefined,
  what: (context: Context) => Promise<Result>,
): Promise<Result> {
  const { openDeployedTable } = await import('../../local/deployed-table.ts');
  const { DibsError } = await import('../../model/values/errors.ts');
  const { context, close } = await openDeployedTable(table, region);
  try {
    return await what(context);
  } catch (error) {
    if (!(error instanceof DibsError)) throw error;
    throw new UserError(`${error.message} ${error.hint ?? ''}`.trim(), { cause: error });
  } finally {
    close();
  }
}
