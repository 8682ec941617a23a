export { apiHeaders } from './api-headers.ts';
export { apiUrl } from './api-url.ts';
export { type Client, type ClientOptions, createClient } from './client.ts';
export { ApiError, UnreachableError } from './errors.ts';
export { UnfitNameError } from './path.ts';
