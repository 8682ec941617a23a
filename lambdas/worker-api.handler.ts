import { fromEnvironment } from './runtime/env.ts';
import { observedApi } from './runtime/observed.ts';
import { workerApi } from './worker-api.ts';

/** The entry point of the Lambda that serves agents and workers. */
const { context, telemetry } = fromEnvironment(process.env);
export const handler = observedApi(telemetry, workerApi(context));
