import type { BlockDocument, BlockSchema, BlockType } from '../../model/blocks.ts';
import { JsonText } from '../../model/values/json-text.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { fromMembers, membersOf } from '../parameters/json-object.ts';
import { bytesOf } from '../sizes.ts';
import { obfuscated } from './block-secrets.ts';
import { referencesIn } from './references.ts';

/** A document with its schema and type, which say how to read it. */
interface Block {
  readonly document: BlockDocument;
  readonly schema: BlockSchema;
  readonly type: BlockType;
}

/** A block with the blocks within it. */
export interface BlockView extends Block {
  /** By field. 'gone': the block was deleted, and its field with it. */
  readonly within: ReadonlyMap<string, BlockView | 'gone'>;
  /** Some blocks within it are not shown: they would be too many, or lead back to themselves. */
  readonly isCut: boolean;
}

/** Reads blocks for one request, each once. */
export function blockReader(context: Context) {
  const { store } = context;
  const type = once((id) => store.readBlockType(id));
  const schema = once((id) => store.readBlockSchema(id));
  const document = once((id) => store.readBlockDocument(id));

  /** undefined if it does not exist, or if its type or schema does not exist any more. */
  const block = once(async (id): Promise<Block | undefined> => {
    const found = await document(id);
    if (!found) return undefined;
    const [itsType, itsSchema] = await Promise.all([
      type(found.blockTypeId),
      schema(found.blockSchemaId),
    ]);
    return itsType && itsSchema && { document: found, type: itsType, schema: itsSchema };
  });

  const view = async (id: string): Promise<BlockView | undefined> => {
    const found = await block(id);
    return found && viewOf(found);
  };

  /** The block with the blocks within it, which are read here. */
  const viewOf = (found: Block): Promise<BlockView> =>
    nest(block, found, { left: NUMBERS.blocksWithin, bytes: NUMBERS.recordBytes }, []);

  return { block, view, viewOf };
}

type ReadBlock = (id: string) => Promise<Block | undefined>;

/** What one document may show of others. Without a bound, ten documents could show billions. */
interface Budget {
  left: number;
  bytes: number;
}

async function nest(
  read: ReadBlock,
  block: Block,
  budget: Budget,
  around: readonly string[],
): Promise<BlockView> {
  const path = [...around, block.document.id];
  const within = new Map<string, BlockView | 'gone'>();
  let isCut = false;
  for (const { field, id } of referencesIn(block.document.data)) {
    const isTooDeep = path.length > NUMBERS.blocksDeep || path.includes(id);
    if (isTooDeep || budget.left <= 0 || budget.bytes <= 0) {
      isCut = true;
      continue;
    }
    const found = await read(id);
    if (!found) {
      within.set(field, 'gone');
      continue;
    }
    budget.left -= 1;
    budget.bytes -= bytesOf(found.document) + bytesOf(found.type);
    const view = await nest(read, found, budget, path);
    within.set(field, view);
    isCut ||= view.isCut;
  }
  return { ...block, within, isCut };
}

/**
 * The data of a block, with the data of the blocks within it in the places where it names them. Each
 * block's own schema says what is secret in it, and so do the schemas of the blocks around it.
 */
export function dataOf(view: BlockView, secretsShown: boolean): JsonText {
  const { document, schema, within } = view;
  const data = within.size === 0 ? document.data : filledIn(view, secretsShown);
  return secretsShown ? data : obfuscated(data, schema.fields);
}

function filledIn({ document, within }: BlockView, secretsShown: boolean): JsonText {
  const members = membersOf(document.data);
  for (const [field, inner] of within) {
    if (inner === 'gone') members.delete(field);
    else members.set(field, dataOf(inner, secretsShown).text);
  }
  return members.size === 0 ? JsonText.of({}) : fromMembers(members);
}

function once<Value>(read: (id: string) => Promise<Value>): (id: string) => Promise<Value> {
  const known = new Map<string, Promise<Value>>();
  return (id) => {
    const found = known.get(id) ?? read(id);
    known.set(id, found);
    return found;
  };
}
