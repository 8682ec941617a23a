import * as z from 'zod';
import { BLOCK_DOCUMENT_SORTS } from '../../model/values/sorts.ts';
import { isoText, limit, offset, uuid } from '../fields/fields.ts';
import { amongNames, anyIds, operator } from '../fields/filters.ts';
import { jsonObject } from '../verbatim.ts';
import { whichSchemas, whichTypes } from './types-schemas.ts';

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

const documentName = z
  .string()
  .regex(
    /^[a-z0-9-]+$/,
    'Block document name must only contain lowercase letters, numbers, and dashes.',
  )
  .max(900);

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

/** The block document that a field stands for, with those that it names itself. */
const BlockReference = z
  .object({
    block_document: z.object({
      id: z.string(),
      name: z.string(),
      block_type: BlockType,
      is_anonymous: z.boolean(),
      get block_document_references() {
        return z.record(z.string(), BlockReference);
      },
    }),
  })
  .meta({ id: 'BlockReference' });

export const BlockDocument = z
  .object({
    id: z.string(),
    created: isoText,
    updated: isoText,
    name: z.string(),
    data: jsonObject().meta({
      description:
        'With the data of the blocks within it. Secrets are shown as ********, unless include_secrets is true.',
    }),
    block_schema_id: z.string(),
    block_schema: BlockSchema,
    block_type_id: z.string(),
    block_type_name: z.string(),
    block_type: BlockType,
    block_document_references: z.record(z.string(), BlockReference),
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
  block_types: whichTypes,
  block_schemas: whichSchemas,
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
