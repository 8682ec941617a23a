import { contextFromEnvironment } from './env.ts';
import { sweeper } from './sweeper.ts';

/** The entry point of the Lambda that runs every minute. */
export const handler = sweeper(contextFromEnvironment(process.env));
