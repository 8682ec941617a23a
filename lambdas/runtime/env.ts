import type { Context } from '../../core/context.ts';
import { awsDynamoDbClient } from '../../store/dynamo/client.ts';
import { meter } from '../../store/dynamo/meter.ts';
import { createDynamoStore } from '../../store/index.ts';
import { systemContext } from './context.ts';
import { createTelemetry, type Telemetry } from './telemetry.ts';

/**
 * The environment of a Lambda, read once, at its cold start.
 * @throws Error that names a missing variable
 */
export function fromEnvironment(env: NodeJS.ProcessEnv): {
  context: Context;
  telemetry: Telemetry;
  /** The stack's name, which distinguishes its metrics and events. */
  stack: string;
  /** The event bus for state changes; undefined: none. */
  busName: string | undefined;
} {
  const { DIBS_TABLE: tableName } = env;
  if (!tableName) throw new Error('DIBS_TABLE is not set: it names the table of this stack.');
  const telemetry = telemetryFrom(env);
  const client = awsDynamoDbClient();
  meter(client, telemetry);
  const store = createDynamoStore({
    client,
    tableName,
    now: () => Date.now() * 1000,
    random: Math.random,
  });
  const busName = env['DIBS_EVENT_BUS'] || undefined;
  return { context: systemContext(store, telemetry), telemetry, stack: stackOf(env), busName };
}

const telemetryFrom = (env: NodeJS.ProcessEnv): Telemetry =>
  createTelemetry({
    stack: stackOf(env),
    metrics: env['DIBS_METRICS'] !== 'off',
  });

const stackOf = (env: NodeJS.ProcessEnv): string => env['DIBS_STACK'] || 'dibs';
