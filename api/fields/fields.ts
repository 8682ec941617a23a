import * as z from 'zod';
import { fromIso, type Instant, LAST_INSTANT } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { flatJsonObject, jsonObject } from '../verbatim.ts';

/** The small types that many bodies share. Rules and texts follow Prefect 3's API. */
export const uuid = z.guid().transform((id) => id.toLowerCase());

/** RFC 3339; Prefect's polls write a blank for the T. Read as an instant. */
export const timestamp = z
  .string()
  .transform((text, issues): Instant => {
    const at = fromIso(text);
    if (at !== undefined && at >= 0 && at <= LAST_INSTANT) return at;
    const message = 'Expected an RFC 3339 timestamp between 1970 and 2250.';
    issues.addIssue({ code: 'custom', message, input: text });
    return z.NEVER;
  })
  .meta({ format: 'date-time', example: '2026-11-23T14:08:47.770602Z' });

/** In replies a timestamp is a text already. */
export const isoText = z.string().meta({ format: 'date-time' });

/** Names are parts of keys, which DynamoDB bounds at 1,024 bytes. */
const NAME_BYTES = 900;

const fitsAKey = (text: string): boolean =>
  text.isWellFormed() && Buffer.byteLength(text) <= NAME_BYTES;

/** Prefect's Name: at least one character, none of / % & > < */
export const name = z
  .string()
  .min(1)
  .regex(/^[^/%&><]+$/, 'A name must not contain any of / % & > <.')
  .refine(fitsAKey, { error: `A name may have ${NAME_BYTES} bytes of well-formed Unicode.` });

/**
 * A name by which something is changed or deleted, in the path of a request. Prefect's clients do not encode
 * it, and API Gateway decodes it before it routes: a `?` ends the path, and what is left names something else.
 */
export const addressedName = name.refine((text) => !text.includes('?'), {
  error: 'A name that is part of an address must not contain a question mark.',
});

/** A name in a path or a reference: it need not be one that could be created. */
export const anyName = z
  .string()
  .refine(fitsAKey, { error: `A name may have ${NAME_BYTES} bytes of well-formed Unicode.` });

/** A work pool's name may not be only blanks and quotes either. */
export const poolName = addressedName.refine((text) => /[^\s'"]/.test(text), {
  error: 'A work pool needs a name that is more than blanks and quotes.',
});

/** Text that is kept in an item with others, which DynamoDB bounds at 400 KB in all. */
const wellFormed = (text: string): boolean => text.isWellFormed();
export const shortText = z.string().max(1_000).refine(wellFormed, 'Expected well-formed Unicode.');
export const longText = z.string().max(20_000);

export const tags = z.array(z.string().max(250)).max(100);

/** Seconds, as Prefect writes durations; ten years at the most. */
export const seconds = z
  .number()
  .min(0)
  .max(10 * 366 * 86_400);

/** Of an issue whose text is the whole answer, as Prefect has it for limits: `{detail: text}`. */
export const TOLD_ALONE = { toldAlone: true };

/** null and absent mean 200, Prefect's page. */
export const limit = z
  .number()
  .int()
  .nullish()
  .superRefine((value, issues) => {
    if (value == null || (value >= 0 && value <= 200)) return;
    const bound = value > 200 ? 'less than or equal to 200' : 'greater than or equal to 0';
    const message = `Invalid limit: must be ${bound}.`;
    issues.addIssue({ code: 'custom', message, input: value, params: TOLD_ALONE });
  });

/** Pages are counted from 1. */
export const pageNumber = z.number().int().min(1).nullish();

/** Prefect's page of a list, with how much there is in all. */
export const pageSchema = <Item extends z.ZodType>(item: Item) =>
  z.object({
    results: z.array(item),
    count: z.number(),
    limit: z.number(),
    pages: z.number(),
    page: z.number(),
  });

export const offset = z.number().int().min(0).nullish();

/** Labels stand in the record they belong to. Prefect looks at those of a new record only. */
export const newLabels = flatJsonObject(NUMBERS.labelsBytes);
export const labels = jsonObject(NUMBERS.labelsBytes);
