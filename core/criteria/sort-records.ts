import type { Instant } from '../../model/values/instant.ts';
import type { RecordSort } from '../../model/values/sorts.ts';

/**
 * An order by one key. Equal keys are in the order of ids, latest first, so that pages of one list
 * neither overlap nor leave gaps.
 */
export const orderBy =
  <Kind>(idOf: (one: Kind) => string) =>
  (key: (one: Kind) => number | string, direction: 1 | -1) =>
  (a: Kind, b: Kind): number => {
    const [x, y] = [key(a), key(b)];
    if (x !== y) return x < y ? -direction : direction;
    return idOf(a) < idOf(b) ? 1 : -1;
  };

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

type Compare = (a: Listed, b: Listed) => number;

const BY: Readonly<Record<RecordSort, Compare>> = {
  NAME_ASC: (a, b) => inOrder(a.name, b.name),
  NAME_DESC: (a, b) => inOrder(b.name, a.name),
  CREATED_DESC: (a, b) => b.createdAt - a.createdAt,
  UPDATED_DESC: (a, b) => b.updatedAt - a.updatedAt,
};

const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Ids break ties, so that the pages of one list neither overlap nor leave gaps. */
export const sortRecords = <Kind extends Listed>(
  records: readonly Kind[],
  sort: RecordSort | null | undefined,
): Kind[] => [...records].sort((a, b) => BY[sort ?? 'NAME_ASC'](a, b) || inOrder(a.id, b.id));
