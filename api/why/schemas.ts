import * as z from 'zod';
import { WHY_CODES } from '../../model/values/why-codes.ts';
import { isoText } from '../fields/fields.ts';

const WhyHolder = z.object({ flow_run_id: z.string(), since: isoText }).meta({ id: 'WhyHolder' });

/** Why a run is not running: every cause that applies, the one that blocks it first at the top. */
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
        evidence: z.record(
          z.string(),
          z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(WhyHolder)]),
        ),
        todo: z.string(),
      }),
    ),
  })
  .meta({ id: 'Why' });
