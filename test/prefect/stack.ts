import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, inject } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/stack.ts';
import { secondsOf } from './journey-process.ts';

/**
 * Starts the local stack, with its timers, for all journeys of a file. Its URL is known once tests
 * run.
 */
export function stackForJourneys(): () => string {
  let stack: LocalStack;
  beforeAll(async () => {
    const tableName = `journeys-${randomUUID()}`;
    const dynamodbEndpoint = inject('dynamodbEndpoint');
    stack = await startLocalStack({ port: 0, data: 'memory', dynamodbEndpoint, tableName });
  });
  afterAll(async () => {
    await stack.stop();
    const times = [...secondsOf].map(([file, s]) => `${s.toFixed(1).padStart(6)} s  ${file}`);
    if (times.length > 0) console.log(`journeys, two at a time:\n${times.join('\n')}`);
  });
  return () => stack.url;
}
