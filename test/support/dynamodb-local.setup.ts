import type { TestProject } from 'vitest/node';
import { startDynamoDbLocal } from '../../local/dynamodb-local.ts';

declare module 'vitest' {
  interface ProvidedContext {
    dynamodbEndpoint: string;
  }
}

/** One DynamoDB Local for the whole run; each test makes tables of its own in it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const database = await startDynamoDbLocal({ data: 'memory' });
  project.provide('dynamodbEndpoint', database.endpoint);
  return database.stop;
}
