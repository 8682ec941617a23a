import * as z from 'zod';
import { isoText } from '../fields/fields.ts';

/** The slots of one concurrency limit, and their holders. */
export const Slots = z
  .object({
    concurrency_limit: z.number().nullable(),
    active_slots: z.number(),
    settling: z.boolean().meta({
      description:
        'The limit was just set where there was none. No run is admitted until earlier claims have their slots.',
    }),
    slots: z.array(
      z.object({
        slot: z.number(),
        flow_run_id: z.string(),
        attempt: z.number(),
        session_id: z.string(),
        taken: isoText,
      }),
    ),
  })
  .meta({ id: 'Slots' });
