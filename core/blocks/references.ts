import { DibsError } from '../../model/values/errors.ts';
import type { JsonText } from '../../model/values/json-text.ts';

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
export function assertReferencesAreIds(data: JsonText): void {
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

export const invalidReference = (message: string) =>
  new DibsError('block_reference_invalid', message);
