import type { BlockSchema } from '../../model/blocks.ts';
import { DibsError } from '../../model/values/errors.ts';
import { JsonText } from '../../model/values/json-text.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { fromMembers, membersOf } from '../parameters/json-object.ts';
import { blockTypeId } from './block-types.ts';

type Json = Readonly<Record<string, unknown>>;
type SchemaWithin = Pick<BlockSchema, 'blockTypeId' | 'fields'>;

/**
 * The schemas of other blocks that a schema names in `block_schema_references` and brings along in
 * its `definitions`, as far as they are not registered yet; the innermost first.
 * @throws DibsError block_missing if a type is not registered, invalid_request
 */
export async function schemasWithin(context: Context, fields: JsonText): Promise<SchemaWithin[]> {
  const definitions = membersOf(new JsonText(membersOf(fields).get('definitions') ?? '{}'));
  return within({ context, definitions, seen: new Set(), left: NUMBERS.blocksWithin }, fields);
}

interface Search {
  readonly context: Context;
  readonly definitions: ReadonlyMap<string, string>;
  readonly seen: Set<string>;
  left: number;
}

async function within(search: Search, fields: JsonText): Promise<SchemaWithin[]> {
  const { context, definitions, seen } = search;
  const found: SchemaWithin[] = [];
  const { properties, block_schema_references: references } = fields.parse() as Json;
  for (const { field, slug, checksum } of referencesOf(references)) {
    search.left -= 1;
    if (search.left < 0) throw tooMany();
    const type = await context.store.readBlockType(blockTypeId(slug));
    if (!type) throw typeMissing(slug);
    if ((await context.store.listBlockSchemas(checksum)).length > 0) continue;
    const name = definitionOf(slug, Object(properties)[field], definitions);
    if (seen.has(name)) continue;
    seen.add(name);
    const inner = withDefinitions(new JsonText(definitions.get(name) ?? '{}'), definitions);
    found.push(...(await within(search, inner)));
    found.push({ blockTypeId: type.id, fields: inner });
  }
  return found;
}

/** A field names one schema, or a list of them if it takes blocks of several types. */
function referencesOf(references: unknown): { field: string; slug: string; checksum: string }[] {
  if (references === undefined || references === null) return [];
  if (!isObject(references)) throw malformed('');
  return Object.entries(references).flatMap(([field, named]) =>
    [named].flat().map((one) => {
      const { block_type_slug: slug, block_schema_checksum: checksum } = Object(one);
      if (typeof slug !== 'string' || typeof checksum !== 'string') throw malformed(field);
      if (!CHECKSUM.test(checksum)) throw malformed(field);
      return { field, slug, checksum };
    }),
  );
}

const CHECKSUM = /^[\w:+/=-]{1,100}$/;

/** The definition to which the property of this field points: of several, the one of this type. */
function definitionOf(
  slug: string,
  property: unknown,
  definitions: ReadonlyMap<string, string>,
): string {
  const names = definitionsIn(property).filter((name) => definitions.has(name));
  const isOfType = (name: string) => {
    const definition: unknown = JSON.parse(definitions.get(name) ?? 'null');
    return Object(definition).block_type_slug === slug;
  };
  const name = names.length === 1 ? names[0] : names.find(isOfType);
  if (name !== undefined) return name;
  throw new DibsError(
    'invalid_request',
    `Unable to create nested block schema for block type '${slug}' due to missing definition.`,
    { hint: `Register the schema of ${slug} first, or send it among the definitions.` },
  );
}

/** The names of the definitions to which a schema points. */
function definitionsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(definitionsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    key === '$ref' && typeof one === 'string'
      ? [one.replace('#/definitions/', '')]
      : definitionsIn(one),
  );
}

/** A definition by itself, with the other definitions that it needs. */
function withDefinitions(fields: JsonText, definitions: ReadonlyMap<string, string>): JsonText {
  const needed = new Map<string, string>();
  const next = definitionsIn(fields.parse());
  for (let name = next.pop(); name !== undefined; name = next.pop()) {
    const text = definitions.get(name);
    if (text === undefined || needed.has(name)) continue;
    needed.set(name, text);
    next.push(...definitionsIn(JSON.parse(text)));
  }
  const members = membersOf(fields);
  if (needed.size > 0) members.set('definitions', fromMembers(needed).text);
  return fromMembers(members);
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const typeMissing = (slug: string) =>
  new DibsError(
    'block_missing',
    `Cannot create block schema because block type '${slug}' was not found. Did you forget to register the block type?`,
    { hint: 'Register the block type first: POST /api/block_types/.' },
  );

const malformed = (field: string) =>
  new DibsError(
    'invalid_request',
    `fields.block_schema_references.${field} must have a block_type_slug and a block_schema_checksum.`,
  );

const tooMany = () =>
  new DibsError(
    'invalid_request',
    `A block schema may name at most ${NUMBERS.blocksWithin} others, with those that they name.`,
  );
