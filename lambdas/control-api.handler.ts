import { controlApi } from './control-api.ts';
import { fromEnvironment } from './runtime/env.ts';
import { observedApi } from './runtime/observed.ts';

/** The entry point of the Lambda that serves people and their tools. */
const { context, telemetry } = fromEnvironment(process.env);
export const handler = observedApi(telemetry, controlApi(context));
