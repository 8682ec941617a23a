import { combine, type Matches, type Operator, of } from '../criteria/criteria.ts';
import { type AmongIds, type AmongNames, amongIds, amongNames } from '../criteria/text.ts';
import type { BlockView } from './block-documents.ts';

type Given<Criterion> = Criterion | null | undefined;

export interface BlockDocumentsFilter {
  readonly block_documents?: Given<{
    readonly operator?: Given<Operator>;
    readonly id?: Given<AmongIds>;
    readonly name?: Given<AmongNames>;
    readonly block_type_id?: Given<AmongIds>;
    readonly is_anonymous?: Given<{ readonly eq_?: Given<boolean> }>;
  }>;
  readonly block_types?: Given<{
    readonly name?: Given<AmongNames>;
    readonly slug?: Given<AmongNames>;
  }>;
  readonly block_schemas?: Given<{
    readonly operator?: Given<Operator>;
    readonly block_capabilities?: Given<{ readonly all_?: Given<readonly string[]> }>;
  }>;
}

/**
 * Matches a document, its type and its schema. (Prefect's default is to match named documents
 * only.)
 */
export function matchesBlock(filter: Given<BlockDocumentsFilter>): Matches<BlockView> {
  const { block_documents: documents, block_types: types, block_schemas: schemas } = filter ?? {};
  return combine<BlockView>('and_', [
    combine<BlockView>(documents?.operator, [
      of(documents?.id, amongIds, ({ document }) => document.id),
      of(documents?.name, amongNames, ({ document }) => document.name),
      of(documents?.block_type_id, amongIds, ({ type }) => type.id),
      of(documents?.is_anonymous, isIt, ({ document }) => document.isAnonymous),
    ]),
    of(types?.name, amongNames, ({ type }) => type.name),
    of(types?.slug, amongNames, ({ type }) => type.slug),
    of(schemas?.block_capabilities, hasAll, ({ schema }) => schema.capabilities),
  ]);
}

const isIt =
  ({ eq_ }: { readonly eq_?: Given<boolean> }): Matches<boolean> =>
  (is) =>
    eq_ == null || is === eq_;

const hasAll =
  ({ all_ }: { readonly all_?: Given<readonly string[]> }): Matches<readonly string[]> =>
  (has) =>
    (all_ ?? []).every((one) => has.includes(one));
