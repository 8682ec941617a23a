import * as z from 'zod';

/** A response that is not JSON: a text, which may have a file name. */
export class TextFile {
  readonly contentType: string;
  readonly text: string;
  /** `plain`: for clients that only understand ASCII. */
  readonly name: { readonly full: string; readonly plain: string } | undefined;

  constructor(contentType: string, text: string, name?: TextFile['name']) {
    this.contentType = contentType;
    this.text = text;
    this.name = name;
  }
}

const types = new WeakMap<z.ZodType, string>();

/** The schema of such a response. A client receives its text. */
export function textFile(contentType: string): z.ZodType<TextFile, string> {
  const schema = z
    .custom<TextFile>((value) => value instanceof TextFile)
    .meta({ type: 'string' }) as unknown as z.ZodType<TextFile, string>;
  types.set(schema, contentType);
  return schema;
}

/** The content type of a response with this schema. */
export const contentTypeOf = (schema: z.ZodType): string => types.get(schema) ?? 'application/json';
