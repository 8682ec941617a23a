import type { BlockDocument } from '../../model/blocks.ts';
import { DibsError } from '../../model/values/errors.ts';
import type { JsonText } from '../../model/values/json-text.ts';
import { NUMBERS } from '../../model/values/numbers.ts';

/** The format of ids. A text in any other format is no key in the database either. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A field of a block document that stands for another document. */
export interface Reference {
  readonly field: string;
  readonly id: string;
}

/**
 * The other documents that the data of a document names: `{"field": {"$ref": {"block_document_id":
 * ID}}}`. As in Prefect, this means a document in the fields at the top only; further down, and in
 * lists, it is data like any other.
 */
export function referencesIn(data: JsonText): Reference[] {
  return candidates(data).flatMap(({ field, id }) =>
    typeof id === 'string' && UUID.test(id) ? [{ field, id: id.toLowerCase() }] : [],
  );
}

/** @throws DibsError block_reference_invalid */
function assertReferencesAreIds(data: JsonText): void {
  for (const { field, id } of candidates(data)) {
    if (id === undefined || id === null) {
      throw invalidReference(
        `Received block reference without a block_document_id in key ${field}`,
      );
    }
    if (typeof id === 'string' && UUID.test(id)) continue;
    throw invalidReference(`The block_document_id in key ${field} is not the id of a document.`);
  }
}

function candidates(data: JsonText): { field: string; id: unknown }[] {
  return Object.entries(data.parse() as object).flatMap(([field, value]) =>
    isObject(value) && isObject(value['$ref'])
      ? [{ field, id: value['$ref']['block_document_id'] }]
      : [],
  );
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const invalidReference = (message: string) => new DibsError('block_reference_invalid', message);

/** Reads blocks: view-block.ts. */
interface Reader {
  readonly block: (id: string) => Promise<{ readonly document: BlockDocument } | undefined>;
}

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
export function assertShowable({ isCut }: { readonly isCut: boolean }): void {
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
