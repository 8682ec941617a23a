import type { BlockDocumentSort } from '../../model/values/sorts.ts';
import type { Context } from '../context.ts';
import { sortRecords } from '../criteria/sort-records.ts';
import { type BlockView, listBlockDocuments } from './block-documents.ts';
import { type BlockDocumentsFilter, matchesBlock } from './document-filter.ts';

/**
 * The named documents that match. Anonymous documents are found only by their id. This reads the
 * documents of every type.
 */
export async function filterBlockDocuments(
  context: Context,
  filter: BlockDocumentsFilter | null | undefined,
  sort?: BlockDocumentSort | null,
): Promise<BlockView[]> {
  const types = await context.store.listBlockTypes();
  const all = await Promise.all(types.map(({ slug }) => listBlockDocuments(context, slug)));
  const found = all.flat().filter(matchesBlock(filter));
  const order = sort === 'NAME_DESC' ? sort : 'NAME_ASC';
  const named = found.map((view) => ({ ...view.document, view }));
  const sorted = sortRecords(named, order).map(({ view }) => view);
  if (sort !== 'BLOCK_TYPE_AND_NAME_ASC') return sorted;
  return sorted.sort((a, b) =>
    a.type.name < b.type.name ? -1 : a.type.name > b.type.name ? 1 : 0,
  );
}
