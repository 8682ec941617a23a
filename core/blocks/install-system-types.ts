import { JsonText } from '../../model/values/json-text.ts';
import type { Context } from '../context.ts';
import { createBlockSchema, UNVERSIONED } from './block-schemas.ts';
import { type BlockTypeWish, newBlockType } from './block-types.ts';

const text = (title: string) => ({ title, type: 'string' });
const secret = (title: string) => ({ ...text(title), format: 'password', writeOnly: true });

/** The three types that are protected, with the fields that Prefect's clients fill in. */
const SYSTEM_TYPES: readonly {
  readonly type: BlockTypeWish;
  readonly capabilities: readonly string[];
  readonly fields: object;
}[] = [
  {
    type: { slug: 'webhook', name: 'Webhook', description: 'An URL that a flow calls.' },
    capabilities: [],
    fields: {
      title: 'Webhook',
      properties: {
        method: {
          ...text('Method'),
          default: 'POST',
          enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
        },
        url: secret('Webhook URL'),
        headers: { title: 'Webhook Headers', type: 'object' },
        allow_private_urls: { title: 'Allow Private Urls', type: 'boolean', default: true },
        verify: { title: 'Verify', type: 'boolean', default: true },
      },
      required: ['url'],
      secret_fields: ['url', 'headers.*'],
    },
  },
  {
    type: { slug: 'secret', name: 'Secret', description: 'A value that responses hide.' },
    capabilities: [],
    fields: {
      title: 'Secret',
      properties: { value: { title: 'Value', format: 'password', writeOnly: true } },
      required: ['value'],
      secret_fields: ['value'],
    },
  },
  {
    type: {
      slug: 'local-file-system',
      name: 'Local File System',
      description: 'A directory on the machine where a flow runs.',
    },
    capabilities: ['get-directory', 'put-directory', 'read-path', 'write-path'],
    fields: {
      title: 'LocalFileSystem',
      properties: { basepath: { ...text('Basepath'), type: ['string', 'null'], default: null } },
      secret_fields: [],
    },
  },
];

/** Creates the types that are protected, where they are missing, each with a schema. */
export async function installSystemTypes(context: Context): Promise<void> {
  for (const { type: wish, capabilities, fields } of SYSTEM_TYPES) {
    const type = newBlockType(context, wish);
    await context.store.createBlockType(type);
    await createBlockSchema(context, {
      blockTypeId: type.id,
      capabilities,
      version: UNVERSIONED,
      fields: JsonText.of({ type: 'object', block_type_slug: type.slug, ...fields }),
    });
  }
}
