import * as z from 'zod';

/** A step into each element of a list. The other steps are keys. */
export const EACH = Symbol('each element');
/** Where a field is in a body. */
export type Path = ReadonlyArray<string | typeof EACH>;

/** The schema of the value that is sent, without what makes it optional, nullable or another value. */
export function asSent(schema: z.ZodType): z.ZodType {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault
  ) {
    return asSent(schema.unwrap() as z.ZodType);
  }
  return schema instanceof z.ZodPipe ? asSent(schema.in as z.ZodType) : schema;
}

/** The schemas right within an object or a list, each with the step that leads there. */
export function within(schema: z.ZodType): ReadonlyArray<readonly [Path[number], z.ZodType]> {
  if (schema instanceof z.ZodArray) return [[EACH, schema.element as z.ZodType]];
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).map(([key, field]) => [key, field as z.ZodType]);
}
