import { authorizer } from './authorizer.ts';
import { contextFromEnvironment } from './env.ts';

/** The entry point of the Lambda that API Gateway asks who a key belongs to. */
export const handler = authorizer(contextFromEnvironment(process.env));
