import * as z from 'zod';
import { BLOCK_DOCUMENT_SORTS } from '../../model/values/sorts.ts';
import {
  anyName,
  isoText,
  limit,
  longText,
  name,
  offset,
  shortText,
  uuid,
} from '../fields/fields.ts';
import { amongNames, anyIds, anyNames, operator } from '../fields/filters.ts';
import { jsonObject } from '../verbatim.ts';

const slug = z
  .string()
  .regex(/^[a-z0-9-]+$/, 'A slug has lower-case letters, digits and dashes.')
  .max(900);
const documentName = z
  .string()
  .regex(/^[a-z0-9-]+$/, 'A name has lower-case letters, digits and dashes.')
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

export const BlockType = z
  .object({
    id: z.string(),
    created: isoText,
    updated: isoText,
    name: z.string(),
    slug: z.string(),
    logo_url: z.string().nullable(),
    documentation_url: z.string().nullable(),
    description: z.string().nullable(),
    code_example: z.string().nullable(),
    is_protected: z.boolean(),
  })
  .meta({ id: 'BlockType' });

export const BlockSchemaCreate = z
  .strictObject({
    fields: jsonObject().optional(),
    block_type_id: uuid,
    capabilities: z.array(shortText).max(100).optional(),
    version: anyName.optional(),
  })
  .meta({ id: 'BlockSchemaCreate' });

export const BlockSchema = z
  .object({
    id: z.string(),
    created: isoText,
    updated: isoText,
    checksum: z.string(),
    fields: jsonObject(),
    block_type_id: z.string(),
    block_type: BlockType,
    capabilities: z.array(z.string()),
    version: z.string(),
  })
  .meta({ id: 'BlockSchema' });

export const BlockDocumentCreate = z
  .strictObject({
    name: documentName.nullish(),
    data: jsonObject().optional(),
    block_schema_id: uuid,
    block_type_id: uuid,
    is_anonymous: z.boolean().optional(),
  })
  .meta({ id: 'BlockDocumentCreate' });

export const BlockDocumentUpdate = z
  .strictObject({
    block_schema_id: uuid.nullish(),
    data: jsonObject().optional(),
    merge_existing_data: z.boolean().optional(),
  })
  .meta({ id: 'BlockDocumentUpdate' });

export const BlockDocument = z
  .object({
    id: z.string(),
    created: isoText,
    updated: isoText,
    name: z.string(),
    data: jsonObject().meta({
      description: 'Secrets in it are shown as ********, unless include_secrets is true.',
    }),
    block_schema_id: z.string(),
    block_schema: BlockSchema,
    block_type_id: z.string(),
    block_type_name: z.string(),
    block_type: BlockType,
    block_document_references: z.object({}),
    is_anonymous: z.boolean(),
  })
  .meta({ id: 'BlockDocument' });

/** Every value in a query string is a text. */
export const SecretsQuery = z.object({
  include_secrets: z
    .string()
    .transform((text) => ['true', '1', 'yes', 'on'].includes(text.toLowerCase()))
    .optional(),
});

export const SchemaVersionQuery = z.object({ version: z.string().optional() });

export const BlockTypesFilter = z
  .object({
    block_types: z.unknown().optional(),
    block_schemas: z.unknown().optional(),
    limit,
    offset,
  })
  .optional();

const texts = z.array(z.string()).nullish();
const which = {
  block_documents: z
    .strictObject({
      operator,
      id: anyIds,
      name: amongNames,
      block_type_id: anyIds,
      is_anonymous: z.strictObject({ eq_: z.boolean().nullish() }).nullish(),
    })
    .meta({ id: 'BlockDocumentFilter' })
    .nullish(),
  block_types: z
    .strictObject({
      name: z.strictObject({ like_: z.string().nullish() }).nullish(),
      slug: anyNames,
    })
    .meta({ id: 'BlockTypeFilter' })
    .nullish(),
  block_schemas: z
    .strictObject({ operator, block_capabilities: z.strictObject({ all_: texts }).nullish() })
    .meta({ id: 'BlockSchemaFilter' })
    .nullish(),
};
export const BlockDocumentsFilter = z
  .object({
    ...which,
    include_secrets: z.boolean().optional(),
    sort: z.enum(BLOCK_DOCUMENT_SORTS).nullish(),
    limit,
    offset,
  })
  .optional();
export const BlockDocumentsCount = z.object(which).optional();
