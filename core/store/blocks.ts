import type { BlockDocument, BlockSchema, BlockType } from '../block-records.ts';

/** Block types, their schemas, and documents. */
export interface BlockStore {
  /** Once per id. */
  createBlockType(type: BlockType): Promise<'created' | 'exists'>;
  readBlockType(id: string): Promise<BlockType | undefined>;
  updateBlockType(type: BlockType): Promise<'updated' | 'missing'>;
  listBlockTypes(): Promise<BlockType[]>;

  /** Its checksum is that of `canonical`; once per checksum and version. */
  createBlockSchema(
    schema: Omit<BlockSchema, 'checksum'>,
    canonical: string,
  ): Promise<{ schema: BlockSchema; created: boolean }>;
  readBlockSchema(id: string): Promise<BlockSchema | undefined>;
  /** Every version with this checksum; of all schemas, where none is given. */
  listBlockSchemas(checksum?: string): Promise<BlockSchema[]>;

  /** Claims its name in its type, unless it is anonymous. */
  createBlockDocument(document: BlockDocument): Promise<'created' | 'exists'>;
  readBlockDocument(id: string): Promise<BlockDocument | undefined>;
  /** By the names that are taken in a type: of one name, or of all. */
  listBlockDocumentIds(blockTypeId: string, name?: string): Promise<string[]>;
  /** 'outrun' where it is not of the generation just before this one, or gone. */
  updateBlockDocument(document: BlockDocument): Promise<'updated' | 'outrun'>;
  deleteBlockDocument(document: BlockDocument): Promise<'deleted' | 'missing'>;
}
