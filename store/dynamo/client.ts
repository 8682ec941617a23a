import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';

/**
 * A client in AWS. In a Lambda, region and credentials come from its role; elsewhere from the same
 * places as for the AWS CLI.
 */
export const awsDynamoDbClient = (region?: string): DynamoDBClient =>
  new DynamoDBClient({
    ...(region ? { region } : {}),
    maxAttempts: 5,
    // A connection that hangs must not outlive the deadline of a claim: a retry opens another one.
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 2_500,
      // Without this, a timeout would only be logged.
      throwOnRequestTimeout: true,
    },
  });

/** A client for DynamoDB Local, which needs no real credentials. */
export function localDynamoDbClient(endpoint: string, maxAttempts = 5): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    // DynamoDB Local requires credentials; with -sharedDb all of them see the same tables.
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts,
    requestHandler: {
      httpAgent: { keepAlive: true, maxSockets: 128 },
      connectionTimeout: 10_000,
      requestTimeout: 10_000,
      throwOnRequestTimeout: true,
    },
  });
}

/** Whether DynamoDB responds within 5 s. */
export async function answers(client: DynamoDBClient): Promise<boolean> {
  try {
    await client.send(new ListTablesCommand({ Limit: 1 }), {
      abortSignal: AbortSignal.timeout(5_000),
    });
    return true;
  } catch {
    return false;
  }
}
