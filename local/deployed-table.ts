import type { Context } from '../core/context.ts';
import { systemContext } from '../lambdas/runtime/context.ts';
import { awsDynamoDbClient } from '../store/dynamo/client.ts';
import { createDynamoStore } from '../store/index.ts';
import { UserError } from './user-error.ts';

/**
 * Opens the table of a deployed stack directly, with the local user's AWS credentials, without the
 * API.
 */
export async function openDeployedTable(
  tableName: string,
  region?: string,
): Promise<{ context: Context; close: () => void }> {
  const client = awsDynamoDbClient(region);
  const store = createDynamoStore({
    client,
    tableName,
    now: () => Date.now() * 1000,
    random: Math.random,
  });
  try {
    await store.ping();
  } catch (cause) {
    client.destroy();
    throw unusable(tableName, cause);
  }
  return { context: systemContext(store), close: () => client.destroy() };
}

function unusable(tableName: string, error: unknown): UserError {
  const { name, message } = (error instanceof Error && error.cause ? error.cause : error) as Error;
  return new UserError(
    `the table ${tableName} cannot be used: ${message || name}. Its name, region and credentials ` +
      'are those that `aws dynamodb describe-table` takes (--region, AWS_REGION, AWS_PROFILE).',
  );
}
