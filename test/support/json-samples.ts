import { randomUUID } from 'node:crypto';
import { openapiDocument } from '../../api/openapi.ts';

/** A part of the OpenAPI document: a JSON schema. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
}

/** A valid body in which one thing was chosen: `state.type=RUNNING`. */
export interface Sample {
  readonly what: string;
  readonly value: unknown;
}

const document = openapiDocument() as unknown as {
  paths: Record<string, Record<string, { requestBody?: { content: Record<string, unknown> } }>>;
  components: { schemas: Record<string, Schema> };
};

/** The schema of a route's body, as the OpenAPI document tells it to everybody. */
export function bodySchema(method: string, path: string): Schema | undefined {
  const content = document.paths[path]?.[method.toLowerCase()]?.requestBody?.content;
  return (content?.['application/json'] as { schema?: Schema } | undefined)?.schema;
}

/** What to put for a field of that name; undefined: whatever fits the schema. */
export type Known = (name: string) => unknown;

/** The smallest body that fits, with the fields that must be there. */
function smallest(schema: Schema, known: Known = () => undefined, name = ''): unknown {
  const given = known(name);
  if (given !== undefined) return given;
  const { $ref, type, anyOf, oneOf, allOf } = schema;
  if ($ref) return smallest(resolve($ref), known, name);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [first] = anyOf ?? oneOf ?? allOf ?? [];
  if (first) return smallest(first, known, name);
  switch (Array.isArray(type) ? type[0] : type) {
    case 'object':
      return Object.fromEntries(
        (schema.required ?? []).map((key) => [
          key,
          smallest(schema.properties?.[key] ?? {}, known, key),
        ]),
      );
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () =>
        smallest(schema.items ?? {}, known, name),
      );
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, schema.exclusiveMinimum ?? 0, 1);
    case 'null':
      return null;
    default:
      return text(schema);
  }
}

function text({ format, minLength = 1 }: Schema): string {
  if (format === 'uuid') return randomUUID();
  if (format === 'date-time') return '2035-01-01T00:00:00Z';
  return 'x'.repeat(Math.max(1, minLength));
}

/**
 * Bodies that fit, each with one more thing than the smallest: every field, every value of a list of
 * values, both values of a switch, to a depth of four fields.
 */
export function samples(schema: Schema, known: Known = () => undefined): Sample[] {
  return variants(schema, known, '', 4);
}

function variants(schema: Schema, known: Known, name: string, depth: number): Sample[] {
  const given = known(name);
  if (given !== undefined) return [{ what: '', value: given }];
  if (schema.$ref) return variants(resolve(schema.$ref), known, name, depth);
  const several = schema.anyOf ?? schema.oneOf;
  if (several) {
    const real = several.filter(({ type }) => type !== 'null');
    return real.flatMap((one) => variants(one, known, name, depth));
  }
  if (schema.enum) return schema.enum.map((value) => ({ what: `=${value}`, value }));
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'boolean') return [true, false].map((value) => ({ what: `=${value}`, value }));
  const base = smallest(schema, known, name);
  if (type === 'array') {
    const items = variants(schema.items ?? {}, known, name, depth);
    return items.map(({ what, value }) => ({ what: `[]${what}`, value: [value] }));
  }
  if (type !== 'object' || depth === 0) return [{ what: '', value: base }];
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length === 0) return [{ what: '', value: { some: 'thing' } }];
  return fields.flatMap(([key, field]) =>
    variants(field, known, key, depth - 1).map(({ what, value }) => ({
      what: `.${key}${what}`,
      value: { ...(base as object), [key]: value },
    })),
  );
}

function resolve(ref: string): Schema {
  const found = document.components.schemas[ref.replace('#/components/schemas/', '')];
  if (!found) throw new Error(`no schema ${ref}`);
  return found;
}
