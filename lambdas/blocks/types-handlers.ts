import type * as z from 'zod';
import type { blockTypesRoutes } from '../../api/blocks/types-routes.ts';
import type { BlockTypeUpdate } from '../../api/blocks/types-schemas.ts';
import {
  createBlockSchema,
  listCapabilities,
  readBlockSchema,
  readBlockSchemaByChecksum,
  UNVERSIONED,
} from '../../core/blocks/block-schemas.ts';
import {
  type BlockTypeChange,
  blockTypeId,
  createBlockType,
  readBlockType,
  updateBlockType,
} from '../../core/blocks/block-types.ts';
import { deleteBlockSchema, deleteBlockType } from '../../core/blocks/delete-type.ts';
import { filterBlockSchemas, filterBlockTypes } from '../../core/blocks/find-blocks.ts';
import { installSystemTypes } from '../../core/blocks/install-system-types.ts';
import { EMPTY_OBJECT } from '../../model/values/json-text.ts';
import type { Handles } from '../http/http.ts';
import { onPage, thatFit } from '../http/page.ts';
import { blockSchemaShape, blockTypeShape } from './block-shape.ts';

export const blockTypeHandlers = {
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
    const types = await filterBlockTypes(context, body);
    return { status: 200, body: thatFit(onPage(types, body).map(blockTypeShape)) };
  },

  deleteBlockType: async (context, { path }) => {
    await deleteBlockType(context, path.id);
    return { status: 204, body: undefined };
  },

  installSystemBlockTypes: async (context) => {
    await installSystemTypes(context);
    return { status: 200, body: null };
  },

  createBlockSchema: async (context, { body }) => {
    const { schema, created } = await createBlockSchema(context, {
      blockTypeId: body.block_type_id,
      fields: body.fields ?? EMPTY_OBJECT,
      capabilities: body.capabilities ?? [],
      version: body.version ?? UNVERSIONED,
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

  filterBlockSchemas: async (context, { body }) => {
    const found = await filterBlockSchemas(context, body?.block_schemas);
    const shapes = onPage(found, body).map(({ schema, type }) => blockSchemaShape(schema, type));
    return { status: 200, body: thatFit(shapes) };
  },

  deleteBlockSchema: async (context, { path }) => {
    await deleteBlockSchema(context, path.id);
    return { status: 204, body: undefined };
  },

  readBlockCapabilities: async (context) => ({
    status: 200,
    body: await listCapabilities(context),
  }),
} satisfies Handles<keyof typeof blockTypesRoutes>;

const typeChange = (body: z.output<typeof BlockTypeUpdate>): BlockTypeChange => ({
  ...(body.logo_url === undefined ? {} : { logoUrl: body.logo_url }),
  ...(body.documentation_url === undefined ? {} : { documentationUrl: body.documentation_url }),
  ...(body.description === undefined ? {} : { description: body.description }),
  ...(body.code_example === undefined ? {} : { codeExample: body.code_example }),
});
