import type { Person } from '../../model/values/by-hand.ts';

/** Who does something by hand, as a body says it. */
export const personOf = (body: { by: string; note?: string | null | undefined }): Person => ({
  by: body.by,
  note: body.note ?? null,
});
