import type * as z from 'zod';
import type { blocksRoutes } from '../../api/blocks/routes.ts';
import type { BlockTypeUpdate } from '../../api/blocks/schemas.ts';
import { seesSecrets } from '../../core/access/access.ts';
import {
  createBlockDocument,
  deleteBlockDocument,
  listBlockDocuments,
  readBlockDocument,
  readBlockDocumentByName,
  updateBlockDocument,
} from '../../core/blocks/block-documents.ts';
import {
  createBlockSchema,
  readBlockSchema,
  readBlockSchemaByChecksum,
} from '../../core/blocks/block-schemas.ts';
import {
  type BlockTypeChange,
  blockTypeId,
  createBlockType,
  readBlockType,
  updateBlockType,
} from '../../core/blocks/block-types.ts';
import { filterBlockDocuments } from '../../core/blocks/find-documents.ts';
import type { KeyHolder } from '../../model/access.ts';
import { EMPTY_OBJECT } from '../../model/values/json-text.ts';
import type { Handles } from '../http/http.ts';
import { onPage, thatFit } from '../http/page.ts';
import { blockDocumentShape, blockSchemaShape, blockTypeShape } from './block-shape.ts';

export const blockHandlers = {
  createBlockType: async (context, { body }) => {
    const { name, slug } = body;
    const type = await createBlockType(context, { name, slug, ...typeChange(body) });
    return { status: 201, body: blockTypeShape(type) };
  },

  readBlockType: async (context, { path }) => ({
    status: 200,
    body: blockTypeShape(await readBlockType(context, path.id)),
  }),

  readBlockTypeBySlug: async (context, { path }) => ({
    status: 200,
    body: blockTypeShape(await readBlockType(context, blockTypeId(path.slug))),
  }),

  updateBlockType: async (context, { path, body }) => {
    await updateBlockType(context, path.id, typeChange(body));
    return { status: 204, body: undefined };
  },

  filterBlockTypes: async (context, { body }) => {
    const types = (await context.store.listBlockTypes()).sort((a, b) => (a.name < b.name ? -1 : 1));
    return { status: 200, body: thatFit(onPage(types, body).map(blockTypeShape)) };
  },

  readBlockDocumentsOfType: async (context, { path, query, caller }) => {
    const found = await listBlockDocuments(context, path.slug);
    const shown = secretsIn(query, caller);
    const shapes = found.map((one) => blockDocumentShape(one, shown));
    return { status: 200, body: thatFit(shapes) };
  },

  readBlockDocumentByName: async (context, { path, query, caller }) => {
    const found = await readBlockDocumentByName(context, path.slug, path.document);
    return { status: 200, body: blockDocumentShape(found, secretsIn(query, caller)) };
  },

  createBlockSchema: async (context, { body }) => {
    const { schema, created } = await createBlockSchema(context, {
      blockTypeId: body.block_type_id,
      fields: body.fields ?? EMPTY_OBJECT,
      capabilities: body.capabilities ?? [],
      version: body.version ?? 'non-versioned',
    });
    const type = await readBlockType(context, schema.blockTypeId);
    return { status: created ? 201 : 200, body: blockSchemaShape(schema, type) };
  },

  readBlockSchema: async (context, { path }) => {
    const schema = await readBlockSchema(context, path.id);
    const type = await readBlockType(context, schema.blockTypeId);
    return { status: 200, body: blockSchemaShape(schema, type) };
  },

  readBlockSchemaByChecksum: async (context, { path, query }) => {
    const schema = await readBlockSchemaByChecksum(context, path.checksum, query.version);
    const type = await readBlockType(context, schema.blockTypeId);
    return { status: 200, body: blockSchemaShape(schema, type) };
  },

  createBlockDocument: async (context, { body }) => {
    const made = await createBlockDocument(context, {
      name: body.name ?? null,
      data: body.data ?? EMPTY_OBJECT,
      blockSchemaId: body.block_schema_id,
      blockTypeId: body.block_type_id,
      isAnonymous: body.is_anonymous ?? false,
    });
    return { status: 201, body: blockDocumentShape(made) };
  },

  readBlockDocument: async (context, { path, query, caller }) => {
    const found = await readBlockDocument(context, path.id);
    return { status: 200, body: blockDocumentShape(found, secretsIn(query, caller)) };
  },

  updateBlockDocument: async (context, { path, body }) => {
    await updateBlockDocument(context, path.id, {
      ...(body.data ? { data: body.data } : {}),
      ...(body.block_schema_id ? { blockSchemaId: body.block_schema_id } : {}),
      merge: body.merge_existing_data ?? true,
    });
    return { status: 204, body: undefined };
  },

  deleteBlockDocument: async (context, { path }) => {
    await deleteBlockDocument(context, path.id);
    return { status: 204, body: undefined };
  },

  filterBlockDocuments: async (context, { body, caller }) => {
    const shown = secretsIn(body, caller);
    const found = await filterBlockDocuments(context, body, body?.sort);
    const shapes = onPage(found, body).map((one) => blockDocumentShape(one, shown));
    return { status: 200, body: thatFit(shapes) };
  },

  countBlockDocuments: async (context, { body }) => ({
    status: 200,
    body: (await filterBlockDocuments(context, body)).length,
  }),
} satisfies Handles<keyof typeof blocksRoutes>;

const typeChange = (body: z.output<typeof BlockTypeUpdate>): BlockTypeChange => ({
  ...(body.logo_url === undefined ? {} : { logoUrl: body.logo_url }),
  ...(body.documentation_url === undefined ? {} : { documentationUrl: body.documentation_url }),
  ...(body.description === undefined ? {} : { description: body.description }),
  ...(body.code_example === undefined ? {} : { codeExample: body.code_example }),
});

/** Secrets are shown to callers who ask for them and whose role may see them. */
const secretsIn = (
  asked: { readonly include_secrets?: boolean | undefined } | undefined,
  caller: KeyHolder,
): boolean => asked?.include_secrets === true && seesSecrets(caller);
