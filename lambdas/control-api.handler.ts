import { controlApi } from './control-api.ts';
import { contextFromEnvironment } from './env.ts';

/** The entry point of the Lambda that people and their tools call. */
export const handler = controlApi(contextFromEnvironment(process.env));
