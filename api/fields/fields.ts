import * as z from 'zod';
import { cutText } from '../../model/values/cut-text.ts';
import { fromIso, type Instant, LAST_INSTANT } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { flatJsonObject, jsonObject } from '../verbatim.ts';

/** Small types that many bodies share. Their rules and messages follow Prefect 3's API. */
export const uuid = z.guid().transform((id) => id.toLowerCase());

/** Messages by which lax.ts knows what a field would take in another form. */
export const NO_TIMESTAMP = 'Expected an RFC 3339 timestamp between 1970 and 2250.';
export const NO_DURATION = 'Expected a number of seconds.';

/** RFC 3339, parsed into an instant. Prefect's polls write a space in place of the T. */
export const timestamp = z
  .string({ error: NO_TIMESTAMP })
  .transform((text, issues): Instant => {
    const at = fromIso(text);
    if (at !== undefined && at >= 0 && at <= LAST_INSTANT) return at;
    issues.addIssue({ code: 'custom', message: NO_TIMESTAMP, input: text });
    return z.NEVER;
  })
  .meta({ format: 'date-time', example: '2026-11-23T14:08:47.770602Z' });

/** A timestamp in a response, where it is a text already. */
export const isoText = z.string().meta({ format: 'date-time' });

/** Names are parts of keys, and DynamoDB limits a sort key to 1,024 bytes. */
const NAME_BYTES = 900;

const fitsAKey = (text: string): boolean =>
  text.isWellFormed() && Buffer.byteLength(text) <= NAME_BYTES;

/** Prefect's rule for names: at least one character, none of / % & > < */
export const nameOrNone = z
  .string()
  .regex(/^[^/%&><]*$/, 'A name must not contain any of / % & > <.')
  .refine(fitsAKey, { error: `A name may have ${NAME_BYTES} bytes of well-formed Unicode.` });
export const name = nameOrNone.min(1);

/**
 * A name that requests to change or delete a record have in their path. Prefect's clients do not
 * encode it, and API Gateway decodes it before it routes. So a `?` would end the path, and the rest
 * would name another record.
 */
export const addressedName = name.refine((text) => !text.includes('?'), {
  error: 'A name that is part of an address must not contain a question mark.',
});

/** A name in a path or a reference. It need not follow the rules for new names. */
export const anyName = z
  .string()
  .refine(fitsAKey, { error: `A name may have ${NAME_BYTES} bytes of well-formed Unicode.` });

/** The name of a work pool, which must not consist of spaces and quotes alone. */
export const poolName = addressedName.refine((text) => /[^\s'"]/.test(text), {
  error: 'The name of a work pool must not consist of spaces and quotes alone.',
});

/** Texts are stored in one item with others, and DynamoDB limits an item to 400 KB. */
const wellFormed = (text: string): boolean => text.isWellFormed();
export const shortText = z.string().max(1_000).refine(wellFormed, 'Expected well-formed Unicode.');
export const longText = z.string().max(20_000);

/** A text that is looked up as part of a key. A longer one than any key has finds nothing. */
export const keyText = z
  .string()
  .transform((text) => (fitsAKey(text) ? text : cutText(text, NUMBERS.tag)));

/**
 * A text that is made while flows run, or from their code. It is never refused for its size: a long
 * one is cut, and says so.
 */
export const cutTo = (units: number) =>
  z
    .string()
    .transform((text) => cutText(text, units))
    .meta({ description: `Cut after ${units} characters.` });

/** The tags of a record whose longest ones are cut. */
export const tags = z.array(cutTo(NUMBERS.tag)).max(100);
/** Tags as they were given, for records that keep what is cut. */
export const wholeTags = z.array(z.string()).max(100);
export const tagsOut = z.array(z.string());

/** A duration in seconds, as in Prefect; at most ten years. */
export const seconds = z
  .number()
  .min(0)
  .max(10 * 366 * 86_400);

/** Marks an issue whose message is the whole answer, as in Prefect for limits: `{detail: text}`. */
export const TOLD_ALONE = { toldAlone: true };

/** How many records a list returns. null or absent: 200, which is Prefect's page size. */
export const limit = z
  .number()
  .int()
  .meta({ minimum: 0, maximum: 200 })
  .nullish()
  .superRefine((value, issues) => {
    if (value == null || (value >= 0 && value <= 200)) return;
    const bound = value > 200 ? 'less than or equal to 200' : 'greater than or equal to 0';
    const message = `Invalid limit: must be ${bound}.`;
    issues.addIssue({ code: 'custom', message, input: value, params: TOLD_ALONE });
  })
  .meta({ description: 'From 0 to 200. Default: 200.' });

/** Pages are numbered from 1. */
export const pageNumber = z.number().int().min(1).nullish();

/** One page of a list in Prefect's format, with the total number of records. */
export const pageSchema = <Item extends z.ZodType>(item: Item) =>
  z.object({
    results: z.array(item),
    count: z.number(),
    limit: z.number(),
    pages: z.number(),
    page: z.number(),
  });

export const offset = z.number().int().min(0).nullish();

/** Labels are stored in their record. As in Prefect, only a new record's labels must be flat. */
export const newLabels = flatJsonObject(NUMBERS.labelsBytes);
export const labels = jsonObject(NUMBERS.labelsBytes);
