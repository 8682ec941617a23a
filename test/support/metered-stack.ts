import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type CapacityMeter, meterCapacity } from './capacity-meter.ts';
import { startTestStack, type TestStack, type TestStackOptions } from './stack.ts';

export interface MeteredStack extends TestStack {
  /** The store's own. */
  readonly dynamodb: DynamoDBClient;
  readonly meter: CapacityMeter;
}

/**
 * A stack whose request units are counted. Where no other clock is given, it stands still, so that records
 * stay cached however slow this machine is.
 */
export async function startMeteredStack(
  context: TestStackOptions['context'] = {},
): Promise<MeteredStack> {
  const at = Date.now() * 1000;
  const metered: Pick<MeteredStack, 'dynamodb' | 'meter'>[] = [];
  const stack = await startTestStack({
    context: { now: () => at, ...context },
    onClient: (dynamodb) => metered.push({ dynamodb, meter: meterCapacity(dynamodb) }),
  });
  const [its] = metered;
  if (!its) throw new Error('the stack has no client');
  return { ...stack, ...its };
}
