import type { Claim } from '../wire.ts';
import type { JobEnv } from './job.ts';

/** Parameters above this are on standard input only: a whole environment is bounded by the kernel. */
const PARAMETERS_IN_ENV_BYTES = 32 * 1024;

/**
 * The environment of a run's process. An unmodified Prefect client in it speaks to the same server
 * and proves the same claim; custom headers the agent was started with are kept.
 */
export function childEnv(url: string, claim: Claim, jobEnv: JobEnv): NodeJS.ProcessEnv {
  const parameters = JSON.stringify(claim.flow_run.parameters);
  const fits = Buffer.byteLength(parameters) < PARAMETERS_IN_ENV_BYTES;
  const env = { ...process.env, ...jobEnv };
  const key = env['DIBS_API_KEY']?.trim();
  return {
    ...env,
    // An unmodified Prefect client knows it by another name.
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
