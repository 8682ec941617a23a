import { DibsError } from '../../model/values/errors.ts';
import type { JsonText } from '../../model/values/json-text.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { assertReferencesAreIds, invalidReference, referencesIn } from './references.ts';
import type { BlockView, blockReader } from './view-block.ts';

type Reader = ReturnType<typeof blockReader>;

/**
 * Checks the blocks that `data` of the document `id` names: they exist, and none leads back to the
 * document.
 * @throws DibsError block_reference_invalid, block_missing
 */
export async function assertReferences(reader: Reader, id: string, data: JsonText): Promise<void> {
  assertReferencesAreIds(data);
  for (const { field, id: other } of referencesIn(data)) {
    if (other !== id && !(await reader.block(other))) {
      throw new DibsError(
        'block_missing',
        `Block document ${other}, which the field ${field} refers to, does not exist.`,
      );
    }
    if (!(await leadsTo(reader, other, id))) continue;
    throw invalidReference(
      'Cannot create block document reference: it would introduce a cycle into the ' +
        `block_document_reference graph (parent=${id}, reference=${other}).`,
    );
  }
}

/** @throws DibsError block_reference_invalid */
export function assertShowable({ isCut }: BlockView): void {
  if (!isCut) return;
  throw invalidReference(
    `A block document can show at most ${NUMBERS.blocksWithin} blocks within it, ` +
      `${NUMBERS.blocksDeep} deep, with ${NUMBERS.recordBytes} bytes of data in all.`,
  );
}

async function leadsTo({ block }: Reader, from: string, to: string): Promise<boolean> {
  const seen = new Set<string>();
  const next = [from];
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    if (id === to) return true;
    // Beyond this bound the document is refused anyway: it could not be shown.
    if (seen.has(id) || seen.size > NUMBERS.blocksWithin) continue;
    seen.add(id);
    const found = await block(id);
    if (found) next.push(...referencesIn(found.document.data).map((one) => one.id));
  }
  return false;
}
