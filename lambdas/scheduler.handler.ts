import { fromEnvironment } from './runtime/env.ts';
import { observedCall } from './runtime/observed.ts';
import { scheduler } from './scheduler.ts';

/** The entry point of the Lambda that creates the runs of schedules. */
const { context, telemetry } = fromEnvironment(process.env);
export const handler = observedCall(telemetry, 'scheduler', scheduler(context));
