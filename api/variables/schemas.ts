import * as z from 'zod';
import { RECORD_SORTS } from '../../model/values/sorts.ts';
import { isoText, limit, offset, tags } from '../fields/fields.ts';
import { amongNames, anyIds, operator } from '../fields/filters.ts';
import { anyJson } from '../verbatim.ts';

/** Prefect's rule for names of variables. */
const variableName = z
  .string()
  .max(255)
  .regex(/^[a-z0-9_-]+$/, 'A variable has a name of lower-case letters, digits, _ and -.');

const value = anyJson().nullable();

export const VariableCreate = z
  .strictObject({ name: variableName, value, tags: tags.optional() })
  .meta({ id: 'VariableCreate' });

export const VariableUpdate = z
  .strictObject({ name: variableName.optional(), value: value.optional(), tags: tags.optional() })
  .meta({ id: 'VariableUpdate' });

export const Variable = z
  .object({
    id: z.string(),
    created: isoText,
    updated: isoText,
    name: z.string(),
    value,
    tags,
  })
  .meta({ id: 'Variable' });

const VariableFilter = z
  .strictObject({
    operator,
    id: anyIds,
    name: amongNames,
    tags: z
      .strictObject({
        operator,
        all_: z.array(z.string()).nullish(),
        is_null_: z.boolean().nullish(),
      })
      .nullish(),
  })
  .meta({ id: 'VariableFilter' });

const which = { variables: VariableFilter.nullish() };
export const VariablesFilter = z
  .object({ ...which, sort: z.enum(RECORD_SORTS).nullish(), limit, offset })
  .optional();
export const VariablesCount = z.object(which).optional();
