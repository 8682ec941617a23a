import * as z from 'zod';
import { anyName, limit, longText, name, offset, shortText, uuid } from '../fields/fields.ts';
import { anyIds, anyNames, operator } from '../fields/filters.ts';
import { jsonObject } from '../verbatim.ts';

const slug = z
  .string()
  .regex(
    /^[a-z0-9-]+$/,
    'Block type slug must only contain lowercase letters, numbers, and dashes.',
  )
  .max(900);

const typeFields = {
  logo_url: longText.nullish(),
  documentation_url: longText.nullish(),
  description: longText.nullish(),
  code_example: longText.nullish(),
};

export const BlockTypeCreate = z
  .strictObject({ name, slug, ...typeFields })
  .meta({ id: 'BlockTypeCreate' });
export const BlockTypeUpdate = z.strictObject(typeFields).meta({ id: 'BlockTypeUpdate' });

export const BlockSchemaCreate = z
  .strictObject({
    fields: jsonObject().optional(),
    block_type_id: uuid,
    capabilities: z.array(shortText).max(100).optional(),
    version: anyName.optional(),
  })
  .meta({ id: 'BlockSchemaCreate' });

/** Every value in a query string is a text. */
export const SchemaVersionQuery = z.object({ version: z.string().optional() });

const texts = z.array(z.string()).nullish();

/** @public Also used to filter documents. */
export const whichTypes = z
  .strictObject({
    name: z.strictObject({ like_: z.string().nullish() }).nullish(),
    slug: anyNames,
  })
  .meta({ id: 'BlockTypeFilter' })
  .nullish();

/** @public Also used to filter documents. */
export const whichSchemas = z
  .strictObject({
    operator,
    id: anyIds,
    block_type_id: anyIds,
    block_capabilities: z.strictObject({ all_: texts }).nullish(),
    version: anyNames,
  })
  .meta({ id: 'BlockSchemaFilter' })
  .nullish();

export const BlockTypesFilter = z
  .object({ block_types: whichTypes, block_schemas: whichSchemas, limit, offset })
  .optional();

export const BlockSchemasFilter = z
  .object({ block_schemas: whichSchemas, limit, offset })
  .optional();
