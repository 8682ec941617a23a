import type { Context } from '../core/context.ts';
import { type Authorizer, authorizer } from '../lambdas/authorizer.ts';
import { toCallerFields } from '../lambdas/http/caller.ts';

/** If no key is required, every caller is an admin. */
export const everybody: Authorizer = async () => ({
  isAuthorized: true,
  context: toCallerFields({ keyId: 'local', role: 'admin', pools: null }),
});

/** Requires no key until the first one is created. From then on it works as on AWS. */
export function onceThereAreKeys(context: Context): Authorizer {
  const ask = authorizer(context);
  let areThere = false;
  return async (event) => {
    areThere ||= (await context.store.listApiKeys('cached')).length > 0;
    return areThere ? ask(event) : everybody(event);
  };
}
