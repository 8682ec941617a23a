import * as z from 'zod';

/** A reply that is no JSON: a text to be saved under a name. */
export class TextFile {
  readonly contentType: string;
  readonly text: string;
  readonly name: string;
  /** For clients that know ASCII alone. */
  readonly plainName: string;

  constructor(contentType: string, text: string, name: string, plainName: string) {
    this.contentType = contentType;
    this.text = text;
    this.name = name;
    this.plainName = plainName;
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
