import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Route } from '../../api/route.ts';
import type { KeyHolder, Role } from '../../model/access.ts';
import { DibsError } from '../../model/values/errors.ts';

/** What the authorizer tells the handlers. API Gateway passes on text only. */
export interface CallerFields {
  readonly keyId: string;
  readonly role: string;
  /** JSON: a list of names, or null. */
  readonly pools: string;
}

const NOBODY: KeyHolder = { keyId: '', role: 'view', pools: null };

export const toCallerFields = ({ keyId, role, pools }: KeyHolder): CallerFields => ({
  keyId,
  role,
  pools: JSON.stringify(pools),
});

/**
 * The caller, as told by the authorizer. A route that needs a key is never served without the
 * authorizer's answer, by whatever way the request arrived.
 * @throws DibsError api_key_missing
 */
export function callerOf(event: APIGatewayProxyEventV2, route: Route): KeyHolder {
  const { authorizer } = event.requestContext as { authorizer?: { lambda?: CallerFields } };
  const fields = authorizer?.lambda;
  if (fields?.role) {
    const pools = JSON.parse(fields.pools) as KeyHolder['pools'];
    return { keyId: fields.keyId, role: fields.role as Role, pools };
  }
  if (route.access === 'anyone') return NOBODY;
  throw new DibsError('api_key_missing', 'This server requires an API key.');
}
