import { fromEnvironment } from './runtime/env.ts';
import { observedCall } from './runtime/observed.ts';
import { sweeper } from './sweeper.ts';

/** The entry point of the Lambda that recovers what no poll has found. */
const { context, telemetry } = fromEnvironment(process.env);
const sweep = sweeper(context, (backlog) => telemetry.backlog(backlog, context.now()));
export const handler = observedCall(telemetry, 'sweeper', sweep);
