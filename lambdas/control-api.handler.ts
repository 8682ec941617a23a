import { controlApi } from './control-api.ts';
import { fromEnvironment } from './env.ts';
import { observedApi } from './observed.ts';

/** The entry point of the Lambda that people and their tools call. */
const { context, telemetry } = fromEnvironment(process.env);
export const handler = observedApi(telemetry, controlApi(context));
