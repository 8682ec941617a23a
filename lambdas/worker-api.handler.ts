import { contextFromEnvironment } from './env.ts';
import { workerApi } from './worker-api.ts';

/** The entry point of the Lambda that agents call. */
export const handler = workerApi(contextFromEnvironment(process.env));
