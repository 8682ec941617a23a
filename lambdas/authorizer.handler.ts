import { authorizer } from './authorizer.ts';
import { fromEnvironment } from './runtime/env.ts';
import { observedCall } from './runtime/observed.ts';

/** The entry point of the Lambda that API Gateway asks who a key belongs to. */
const { context, telemetry } = fromEnvironment(process.env);
export const handler = observedCall(telemetry, 'authorizer', authorizer(context));
