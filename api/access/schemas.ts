import * as z from 'zod';
import { ROLES } from '../../model/access.ts';
import { SECOND } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { anyName, isoText, limit, name, offset } from '../fields/fields.ts';

/** Names are printed on terminals, so they must not contain control characters. */
const keyName = name.refine((text) => /^\P{Cc}*$/u.test(text) && /\S/.test(text), {
  error: 'A key needs a name that is not blank and has no control characters.',
});

export const ApiKeyCreate = z
  .strictObject({
    name: keyName.meta({
      description: 'Whose key it is, or what it is for. Several keys may have the same name.',
    }),
    role: z.enum(ROLES),
    pools: z
      .array(anyName.min(1))
      .min(1)
      .max(100)
      .nullish()
      .meta({ description: 'Only for the role agent: the work pools of the key. Default: all.' }),
    valid_for_seconds: z
      .int()
      .min(1)
      .max(NUMBERS.keysValid / SECOND)
      .nullish()
      .meta({ description: 'Default: the key is valid until it is revoked.' }),
  })
  .refine(({ role, pools }) => role === 'agent' || !pools, {
    path: ['pools'],
    error: 'Only a key with the role agent can be restricted to some pools.',
  })
  .meta({ id: 'ApiKeyCreate' });

const fields = {
  id: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  pools: z.array(z.string()).nullable(),
  created: isoText,
  expires: isoText.nullable(),
  revoked: isoText.nullable(),
  last_used_on: z.string().nullable().meta({ description: 'The day (UTC); null: never used.' }),
};

export const ApiKey = z.object(fields).meta({ id: 'ApiKey' });

export const NewApiKey = z
  .object({
    ...fields,
    key: z.string().meta({ description: 'The key itself. It is never shown again.' }),
  })
  .meta({ id: 'NewApiKey' });

export const ApiKeysFilter = z.object({ limit, offset }).optional();
