import * as z from 'zod';
import { WHY_CODES } from '../../core/why/cause.ts';

/** Why a run is not running: every cause that holds, first what blocks first. */
export const Why = z
  .object({
    flow_run_id: z.string(),
    name: z.string(),
    state_name: z.string(),
    causes: z.array(
      z.object({
        code: z.enum(WHY_CODES),
        blocks: z.boolean(),
        message: z.string(),
        evidence: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
        todo: z.string(),
      }),
    ),
  })
  .meta({ id: 'Why' });
