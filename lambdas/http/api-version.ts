import { DibsError } from '../../model/values/errors.ts';

/**
 * The version of Prefect's API. Its clients send theirs with every request; other callers need not.
 */
export const API_VERSION = '0.8.4';
const OLDEST = [0, 8, 0];

/** @throws DibsError api_version_invalid */
export function assertApiVersion(header: string | undefined): void {
  if (!header) return;
  const version = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/.exec(header)?.slice(1).map(Number);
  if (!version) {
    throw new DibsError(
      'api_version_invalid',
      `Invalid X-PREFECT-API-VERSION header format. Expected header in format 'x.y.z' but received ${header.slice(0, 100)}`,
    );
  }
  const differs = OLDEST.findIndex((part, i) => part !== version[i]);
  if (differs < 0 || (version[differs] ?? 0) > (OLDEST[differs] ?? 0)) return;
  throw new DibsError(
    'api_version_invalid',
    `The request specified API version ${header} but this server requires version ${OLDEST.join('.')} or higher.`,
  );
}
