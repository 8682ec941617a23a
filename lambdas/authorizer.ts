import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';
import { callerOfKey } from '../core/access/api-keys.ts';
import type { Context } from '../core/context.ts';
import { type CallerFields, toCallerFields } from './http/caller.ts';

/** API Gateway's simple response format. Handlers receive what is in `context`. */
type Authorization =
  | { readonly isAuthorized: true; readonly context: CallerFields }
  | { readonly isAuthorized: false; readonly context?: undefined };

export type Authorizer = (
  event: Pick<APIGatewayRequestAuthorizerEventV2, 'headers'>,
) => Promise<Authorization>;

/**
 * Tells whose key a request has, and nothing about what the key may do: API Gateway caches the
 * answer and uses it for other routes, too.
 */
export const authorizer =
  (context: Context): Authorizer =>
  async ({ headers }) => {
    const text = presentedKey(headers?.['authorization'] ?? '');
    const caller = text === undefined ? undefined : await callerOfKey(context, text);
    return caller
      ? { isAuthorized: true, context: toCallerFields(caller) }
      : { isAuthorized: false };
  };

/**
 * Prefect's clients send PREFECT_API_KEY as `Bearer <key>`, and PREFECT_API_AUTH_STRING as `Basic
 * <base64>`. That string is the key itself, or any name and the key: `admin:<key>`.
 */
function presentedKey(header: string): string | undefined {
  const [, scheme = '', value = ''] = /^(\w+) +(\S+)$/.exec(header) ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return undefined;
  return Buffer.from(value, 'base64').toString('utf8').split(':').at(-1);
}
