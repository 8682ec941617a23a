import { authorizer } from './authorizer.ts';
import { fromEnvironment } from './env.ts';
import { observedCall } from './observed.ts';

/** The entry point of the Lambda that API Gateway asks who a key belongs to. */
const { context, telemetry } = fromEnvironment(process.env);
export const handler = observedCall(telemetry, 'authorizer', authorizer(context));
