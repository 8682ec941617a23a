import type * as z from 'zod';
import type {
  BlockDocument as DocumentShape,
  BlockSchema as SchemaShape,
  BlockType as TypeShape,
} from '../../api/blocks/schemas.ts';
import { isProtected } from '../../core/blocks/block-types.ts';
import { type BlockView, dataOf } from '../../core/blocks/view-block.ts';
import { overlay } from '../../core/parameters/parameters.ts';
import type { BlockSchema, BlockType } from '../../model/blocks.ts';
import { toIso } from '../../model/values/instant.ts';
import { JsonText } from '../../model/values/json-text.ts';

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
  is_protected: isProtected(type),
});

/** What Prefect shows of a schema that was registered without this field. */
const NO_REFERENCES = JsonText.of({ block_schema_references: {} });

export const blockSchemaShape = (
  schema: BlockSchema,
  type: BlockType,
): z.output<typeof SchemaShape> => ({
  id: schema.id,
  created: toIso(schema.createdAt),
  updated: toIso(schema.createdAt),
  checksum: schema.checksum,
  fields: overlay(NO_REFERENCES, schema.fields),
  block_type_id: type.id,
  block_type: blockTypeShape(type),
  capabilities: [...schema.capabilities],
  version: schema.version,
});

export function blockDocumentShape(
  view: BlockView,
  includeSecrets = false,
): z.output<typeof DocumentShape> {
  const { document, schema, type } = view;
  return {
    id: document.id,
    created: toIso(document.createdAt),
    updated: toIso(document.updatedAt),
    name: document.name,
    data: dataOf(view, includeSecrets),
    block_schema_id: schema.id,
    block_schema: blockSchemaShape(schema, type),
    block_type_id: type.id,
    block_type_name: type.name,
    block_type: blockTypeShape(type),
    block_document_references: referencesShape(view),
    is_anonymous: document.isAnonymous,
  };
}

type References = z.output<typeof DocumentShape>['block_document_references'];

function referencesShape({ within }: BlockView): References {
  const fields = [...within].flatMap(([field, view]) => {
    if (view === 'gone') return [];
    const { document, type } = view;
    const block_document = {
      id: document.id,
      name: document.name,
      block_type: blockTypeShape(type),
      is_anonymous: document.isAnonymous,
      block_document_references: referencesShape(view),
    };
    return [[field, { block_document }] as const];
  });
  return Object.fromEntries(fields);
}
