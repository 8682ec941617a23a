import * as z from 'zod';
import { ROLES } from '../../model/access.ts';
import { SECOND } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { anyName, isoText, limit, name, offset } from '../fields/fields.ts';

/** It is shown on terminals. */
const keyName = name.refine((text) => /^\P{Cc}*$/u.test(text) && /\S/.test(text), {
  error: 'The name of a key needs more than blanks, and no control characters.',
});

export const ApiKeyCreate = z
  .strictObject({
    name: keyName.meta({
      description: 'Whose it is, or what for. Several keys may have one name.',
    }),
    role: z.enum(ROLES),
    pools: z
      .array(anyName.min(1))
      .min(1)
      .max(100)
      .nullish()
      .meta({ description: 'Role agent only: the work pools it is for. Default: all.' }),
    valid_for_seconds: z
      .int()
      .min(1)
      .max(NUMBERS.keysValid / SECOND)
      .nullish()
      .meta({ description: 'Default: until it is revoked.' }),
  })
  .refine(({ role, pools }) => role === 'agent' || !pools, {
    path: ['pools'],
    error: 'Only a key of role agent is for some pools.',
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
  last_used_on: z.string().nullable().meta({ description: 'The day (UTC); null: never.' }),
};

export const ApiKey = z.object(fields).meta({ id: 'ApiKey' });

export const NewApiKey = z
  .object({
    ...fields,
    key: z.string().meta({ description: 'The key itself. It is shown here and never again.' }),
  })
  .meta({ id: 'NewApiKey' });

export const ApiKeysFilter = z.object({ limit, offset }).optional();
