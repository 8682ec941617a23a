import type { Context } from '../core/context.ts';
import { type Authorizer, authorizer } from '../lambdas/authorizer.ts';
import { toCallerFields } from '../lambdas/http/caller.ts';

/** Where no key is asked for, whoever comes is the operator. */
export const everybody: Authorizer = async () => ({
  isAuthorized: true,
  context: toCallerFields({ keyId: 'local', role: 'admin', pools: null }),
});

/** No key is asked for until one was created; from then on as on AWS. */
export function onceThereAreKeys(context: Context): Authorizer {
  const ask = authorizer(context);
  let areThere = false;
  return async (event) => {
    areThere ||= (await context.store.listApiKeys('cached')).length > 0;
    return areThere ? ask(event) : everybody(event);
  };
}
