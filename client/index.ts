export { type Client, type ClientOptions, createClient } from './client.ts';
export { ApiError, UnreachableError } from './errors.ts';
