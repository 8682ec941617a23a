import * as z from 'zod';

/** A reply that is no JSON: a text, perhaps to be saved under a name. */
export class TextFile {
  readonly contentType: string;
  readonly text: string;
  /** `plain`: for clients that know ASCII alone. */
  readonly name: { readonly full: string; readonly plain: string } | undefined;

  constructor(contentType: string, text: string, name?: TextFile['name']) {
    this.contentType = contentType;
    this.text = text;
    this.name = name;
  }
}

const types = new WeakMap<z.ZodType, string>();

/** The schema of such a reply. The client gets its text. */
export function textFile(contentType: string): z.ZodType<TextFile, string> {
  const schema = z
    .custom<TextFile>((value) => value instanceof TextFile)
    .meta({ type: 'string' }) as unknown as z.ZodType<TextFile, string>;
  types.set(schema, contentType);
  return schema;
}

/** What a reply of this schema is. */
export const contentTypeOf = (schema: z.ZodType): string => types.get(schema) ?? 'application/json';
