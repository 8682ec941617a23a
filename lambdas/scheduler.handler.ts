import { contextFromEnvironment } from './env.ts';
import { scheduler } from './scheduler.ts';

/** The entry point of the Lambda that makes the runs of schedules. */
export const handler = scheduler(contextFromEnvironment(process.env));
