import type { Person } from '../../model/values/by-hand.ts';

/** The person named in a body, who does something by hand. */
export const personOf = (body: { by: string; note?: string | null | undefined }): Person => ({
  by: body.by,
  note: body.note ?? null,
});
