/**
 * The API's URL: `DIBS_API_URL`, else `PREFECT_API_URL`, else that of a `dibs dev` on this machine.
 */
export function apiUrl(env: NodeJS.ProcessEnv = process.env): string {
  return env['DIBS_API_URL'] || env['PREFECT_API_URL'] || 'http://127.0.0.1:4200/api';
}
