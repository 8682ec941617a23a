import type { BlockDocument } from '../../model/blocks.ts';
import { DibsError } from '../../model/values/errors.ts';
import type { JsonText } from '../../model/values/json-text.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { fromMembers, membersOf } from '../parameters/json-object.ts';
import { overlay } from '../parameters/parameters.ts';
import { assertData, readBlockDocument } from './block-documents.ts';
import { readBlockSchema } from './block-schemas.ts';
import { withSecretsOf } from './block-secrets.ts';
import { assertReferences, assertShowable } from './references.ts';
import { type BlockView, blockReader, dataOf } from './view-block.ts';

export interface DocumentChange {
  readonly data?: JsonText;
  readonly blockSchemaId?: string;
  /** false: `data` replaces the former data instead of being merged into it. */
  readonly merge: boolean;
}

/**
 * @throws DibsError block_document_not_found, block_schema_not_found, block_schema_of_other_type,
 *   block_reference_invalid, block_missing, payload_too_large, too_busy
 */
export async function updateBlockDocument(
  context: Context,
  id: string,
  { data, blockSchemaId, merge }: DocumentChange,
): Promise<void> {
  for (let tries = 0; tries < NUMBERS.decisions; tries++) {
    const view = await readBlockDocument(context, id);
    const { document } = view;
    if (blockSchemaId) await assertSchemaOf(context, blockSchemaId, document);
    const sent = data && asMeant(view, data);
    const reader = blockReader(context);
    if (sent) await assertReferences(reader, id, sent);
    const changed: BlockDocument = {
      ...document,
      ...(sent ? { data: merge ? overlay(document.data, sent) : sent } : {}),
      ...(blockSchemaId ? { blockSchemaId } : {}),
      generation: document.generation + 1,
      updatedAt: context.now(),
    };
    assertData(changed.data);
    if (sent) assertShowable(await reader.viewOf({ ...view, document: changed }));
    if ((await context.store.updateBlockDocument(changed)) === 'updated') return;
  }
  throw new DibsError('too_busy', 'This block document kept changing during the request.');
}

async function assertSchemaOf(
  context: Context,
  id: string,
  { blockTypeId }: BlockDocument,
): Promise<void> {
  const schema = await readBlockSchema(context, id);
  if (schema.blockTypeId === blockTypeId) return;
  throw new DibsError(
    'block_schema_of_other_type',
    'Must migrate block document to a block schema of the same block type.',
  );
}

/**
 * What a caller means who sends back what it was shown: asterisks stand for the secret that they
 * hide, and the data of a block within this one for that block. Otherwise a change of one field
 * would replace the passwords of the blocks within by asterisks.
 */
function asMeant(view: BlockView, data: JsonText): JsonText {
  const { document, schema } = view;
  if (view.within.size === 0) return withSecretsOf(document.data, data, schema.fields);
  const [hidden, whole] = [dataOf(view, false), dataOf(view, true)];
  const shown = membersOf(hidden);
  const secret = membersOf(whole);
  const stored = membersOf(document.data);
  const members = membersOf(data);
  for (const field of view.within.keys()) {
    const [was, sent] = [shown.get(field), members.get(field)];
    const reference = stored.get(field);
    if (was === undefined || sent === undefined || reference === undefined) continue;
    if (was !== secret.get(field) && isSame(was, sent)) members.set(field, reference);
  }
  const meant = members.size === 0 ? data : fromMembers(members);
  return withSecretsOf(whole, meant, schema.fields);
}

/** Whatever the order of their members. */
const isSame = (a: string, b: string): boolean => canonical(a) === canonical(b);

const canonical = (text: string): string =>
  JSON.stringify(JSON.parse(text), (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
