import type * as z from 'zod';
import type {
  BlockDocument as DocumentShape,
  BlockSchema as SchemaShape,
  BlockType as TypeShape,
} from '../../api/blocks/schemas.ts';
import type { BlockView } from '../../core/blocks/block-documents.ts';
import { obfuscated } from '../../core/blocks/block-secrets.ts';
import type { BlockSchema, BlockType } from '../../model/blocks.ts';
import { toIso } from '../../model/values/instant.ts';

export const blockTypeShape = (type: BlockType): z.output<typeof TypeShape> => ({
  id: type.id,
  created: toIso(type.createdAt),
  updated: toIso(type.updatedAt),
  name: type.name,
  slug: type.slug,
  logo_url: type.logoUrl,
  documentation_url: type.documentationUrl,
  description: type.description,
  code_example: type.codeExample,
  is_protected: false,
});

export const blockSchemaShape = (
  schema: BlockSchema,
  type: BlockType,
): z.output<typeof SchemaShape> => ({
  id: schema.id,
  created: toIso(schema.createdAt),
  updated: toIso(schema.createdAt),
  checksum: schema.checksum,
  fields: schema.fields,
  block_type_id: type.id,
  block_type: blockTypeShape(type),
  capabilities: [...schema.capabilities],
  version: schema.version,
});

export const blockDocumentShape = (
  { document, schema, type }: BlockView,
  includeSecrets = false,
): z.output<typeof DocumentShape> => ({
  id: document.id,
  created: toIso(document.createdAt),
  updated: toIso(document.updatedAt),
  name: document.name,
  data: includeSecrets ? document.data : obfuscated(document.data, schema.fields),
  block_schema_id: schema.id,
  block_schema: blockSchemaShape(schema, type),
  block_type_id: type.id,
  block_type_name: type.name,
  block_type: blockTypeShape(type),
  block_document_references: {},
  is_anonymous: document.isAnonymous,
});
