import type { BlockSchema, BlockType } from '../../model/blocks.ts';
import { combine, type Matches, type Operator, of } from '../criteria/criteria.ts';
import { type AmongIds, type AmongNames, amongIds, amongNames } from '../criteria/text.ts';
import type { BlockView } from './view-block.ts';

type Given<Criterion> = Criterion | null | undefined;

export interface BlockTypeFilter {
  readonly name?: Given<AmongNames>;
  readonly slug?: Given<AmongNames>;
}

export interface BlockSchemaFilter {
  readonly operator?: Given<Operator>;
  readonly id?: Given<AmongIds>;
  readonly block_type_id?: Given<AmongIds>;
  readonly block_capabilities?: Given<{ readonly all_?: Given<readonly string[]> }>;
  readonly version?: Given<AmongNames>;
}

export interface BlockDocumentsFilter {
  readonly block_documents?: Given<{
    readonly operator?: Given<Operator>;
    readonly id?: Given<AmongIds>;
    readonly name?: Given<AmongNames>;
    readonly block_type_id?: Given<AmongIds>;
    readonly is_anonymous?: Given<{ readonly eq_?: Given<boolean> }>;
  }>;
  readonly block_types?: Given<BlockTypeFilter>;
  readonly block_schemas?: Given<BlockSchemaFilter>;
}

export const matchesBlockType = (filter: Given<BlockTypeFilter>): Matches<BlockType> =>
  combine<BlockType>('and_', [
    of(filter?.name, amongNames, ({ name }) => name),
    of(filter?.slug, amongNames, ({ slug }) => slug),
  ]);

export const matchesBlockSchema = (filter: Given<BlockSchemaFilter>): Matches<BlockSchema> =>
  combine<BlockSchema>(filter?.operator, [
    of(filter?.id, amongIds, ({ id }) => id),
    of(filter?.block_type_id, amongIds, ({ blockTypeId }) => blockTypeId),
    of(filter?.block_capabilities, hasAll, ({ capabilities }) => capabilities),
    of(filter?.version, amongNames, ({ version }) => version),
  ]);

/**
 * Matches a document, its type and its schema. A filter that does not speak of anonymous documents
 * means named ones, and this counts as one of its criteria; null means both.
 */
export function matchesBlock(filter: Given<BlockDocumentsFilter>): Matches<BlockView> {
  const { block_documents: documents, block_types: types, block_schemas: schemas } = filter ?? {};
  const { is_anonymous: isAnonymous = NAMED } = documents ?? {};
  return combine<BlockView>('and_', [
    combine<BlockView>(documents?.operator, [
      of(documents?.id, amongIds, ({ document }) => document.id),
      of(documents?.name, amongNames, ({ document }) => document.name),
      of(documents?.block_type_id, amongIds, ({ type }) => type.id),
      of(isAnonymous, isIt, ({ document }) => document.isAnonymous),
    ]),
    of(types, matchesBlockType, ({ type }) => type),
    of(schemas, matchesBlockSchema, ({ schema }) => schema),
  ]);
}

const NAMED = { eq_: false };

/** Whether anonymous documents, which may be many, need not be read to apply the filter. */
export function meansNamedOnly(filter: Given<BlockDocumentsFilter>): boolean {
  const { operator, is_anonymous: isAnonymous = NAMED } = filter?.block_documents ?? {};
  return operator !== 'or_' && isAnonymous?.eq_ === false;
}

const isIt =
  ({ eq_ }: { readonly eq_?: Given<boolean> }): Matches<boolean> =>
  (is) =>
    eq_ == null || is === eq_;

const hasAll =
  ({ all_ }: { readonly all_?: Given<readonly string[]> }): Matches<readonly string[]> =>
  (has) =>
    (all_ ?? []).every((one) => has.includes(one));
