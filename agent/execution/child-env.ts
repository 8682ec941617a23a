import type { Claim } from '../wire.ts';
import type { JobEnv } from './job.ts';

/**
 * Larger parameters are passed on standard input only, because the kernel limits the size of an
 * environment.
 */
const PARAMETERS_IN_ENV_BYTES = 32 * 1024;

/**
 * The environment of a run's process. With it, an unmodified Prefect client in the process uses the
 * same server and proves the same claim. Custom headers from the agent's own environment are kept.
 */
export function childEnv(url: string, claim: Claim, jobEnv: JobEnv): NodeJS.ProcessEnv {
  const parameters = JSON.stringify(claim.flow_run.parameters);
  const fits = Buffer.byteLength(parameters) < PARAMETERS_IN_ENV_BYTES;
  const env = { ...process.env, ...jobEnv };
  const key = env['DIBS_API_KEY']?.trim();
  return {
    ...env,
    // An unmodified Prefect client reads the key from this variable.
    ...(key && !env['PREFECT_API_KEY'] ? { PREFECT_API_KEY: key } : {}),
    DIBS_API_URL: url,
    DIBS_RUN_ID: claim.flow_run.id,
    DIBS_ATTEMPT: String(claim.attempt),
    DIBS_CLAIM_TOKEN: claim.claim_token,
    DIBS_PARAMETERS: fits ? parameters : undefined,
    PREFECT_API_URL: url,
    PREFECT_CLIENT_CUSTOM_HEADERS: JSON.stringify({
      ...customHeaders(env['PREFECT_CLIENT_CUSTOM_HEADERS']),
      'Dibs-Claim-Token': claim.claim_token,
    }),
  };
}

function customHeaders(text: string | undefined): Record<string, unknown> {
  try {
    return JSON.parse(text ?? '{}') as Record<string, unknown>;
  } catch {
    return {};
  }
}
