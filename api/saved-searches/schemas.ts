import * as z from 'zod';
import { isoText, limit, offset, shortText } from '../fields/fields.ts';
import { anyJson, jsonArray } from '../verbatim.ts';

/** One comparison. dibs keeps it for the user interface, and does not read it. */
const SavedSearchFilter = z
  .object({
    object: shortText,
    property: shortText,
    type: shortText,
    operation: shortText,
    value: anyJson().nullable(),
  })
  .meta({ id: 'SavedSearchFilter' });

export const SavedSearchCreate = z
  .strictObject({ name: shortText, filters: z.array(SavedSearchFilter).max(100).optional() })
  .meta({ id: 'SavedSearchCreate' });

export const SavedSearch = z
  .object({
    id: z.string(),
    created: isoText,
    updated: isoText,
    name: z.string(),
    filters: jsonArray(),
  })
  .meta({ id: 'SavedSearch' });

export const SavedSearchesPage = z.object({ limit, offset }).optional();
