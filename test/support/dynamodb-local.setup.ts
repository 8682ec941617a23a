import type { TestProject } from 'vitest/node';
import { startDynamoDbLocal } from '../../local/dynamodb-local.ts';

declare module 'vitest' {
  interface ProvidedContext {
    dynamodbEndpoint: string;
  }
}

/**
 * The optimising compiler, too. It takes 13 s of CPU, and then a write takes 0.8 ms instead of 2 ms: from
 * 30,000 requests on it gives more than it costs. A whole run of the tests makes several hundred thousand.
 */
const LONG_LIVED = ['-XX:TieredStopAtLevel=4'];

/** One DynamoDB Local for the whole run; each test makes tables of its own in it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const database = await startDynamoDbLocal({ data: 'memory', jvmOptions: LONG_LIVED });
  project.provide('dynamodbEndpoint', database.endpoint);
  return database.stop;
}
