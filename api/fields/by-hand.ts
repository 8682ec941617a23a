import * as z from 'zod';
import { isoText, shortText } from './fields.ts';

/** Who does something by hand, and why. Stored in the history of the run, pool or agent. */
export const byHand = {
  by: shortText.min(1).max(200).meta({ description: 'Who does it: a person or a script.' }),
  note: shortText.nullish().meta({ description: 'Why.' }),
};

export const ByHand = z.strictObject(byHand).meta({ id: 'ByHand' });

/** Who did something, why, and when. */
export const By = z
  .object({ by: z.string(), note: z.string().nullable(), at: isoText })
  .meta({ id: 'By' });
