import * as z from 'zod';
import { jsonExcess } from '../../model/values/json-excess.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { addressedName, anyName, isoText, shortText } from '../fields/fields.ts';

export const RunInputCreate = z
  .strictObject({
    key: addressedName,
    value: z
      .string()
      .refine((text) => Buffer.byteLength(text) <= NUMBERS.recordBytes, {
        error: `An input may have at most ${NUMBERS.recordBytes} bytes.`,
      })
      // The flow that waits for it parses it, and the server where it is a schema.
      .refine((text) => !jsonExcess(text), {
        error: `An input may be nested at most ${NUMBERS.jsonDepth} levels deep.`,
      }),
    sender: shortText.nullish(),
  })
  .meta({ id: 'FlowRunInputCreate' });

export const RunInputsFilter = z
  .object({
    prefix: anyName,
    limit: z.number().int().min(0).optional().meta({ description: 'Default: 1.' }),
    exclude_keys: z.array(z.string()).optional(),
  })
  .meta({ id: 'FlowRunInputsFilter' });

export const RunInput = z
  .object({
    id: z.string(),
    created: isoText,
    updated: isoText,
    flow_run_id: z.string(),
    key: z.string(),
    value: z.string(),
    sender: z.string().nullable(),
  })
  .meta({ id: 'FlowRunInput' });
