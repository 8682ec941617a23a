import { authorizer } from './authorizer.ts';
import { fromEnvironment } from './runtime/env.ts';
import { observedCall } from './runtime/observed.ts';

/** The entry point of the Lambda that tells API Gateway whose API key a request has. */
const { context, telemetry } = fromEnvironment(process.env);
export const handler = observedCall(telemetry, 'authorizer', authorizer(context));
