import type { blocksRoutes } from '../../api/blocks/routes.ts';
import { seesSecrets } from '../../core/access/access.ts';
import {
  createBlockDocument,
  deleteBlockDocument,
  readBlockDocument,
  readBlockDocumentByName,
} from '../../core/blocks/block-documents.ts';
import { filterBlockDocuments, listBlockDocuments } from '../../core/blocks/find-blocks.ts';
import { updateBlockDocument } from '../../core/blocks/update-document.ts';
import type { KeyHolder } from '../../model/access.ts';
import { EMPTY_OBJECT } from '../../model/values/json-text.ts';
import type { Handles } from '../http/http.ts';
import { onPage, thatFit } from '../http/page.ts';
import { blockDocumentShape } from './block-shape.ts';

export const blockHandlers = {
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

/** Secrets are shown to callers who ask for them and whose role may see them. */
const secretsIn = (
  asked: { readonly include_secrets?: boolean | undefined } | undefined,
  caller: KeyHolder,
): boolean => asked?.include_secrets === true && seesSecrets(caller);
