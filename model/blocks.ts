import type { Instant } from './values/instant.ts';
import type { JsonText } from './values/json-text.ts';

/** What kind of thing a block is: Prefect's Process, LocalFileSystem and so on. */
export interface BlockType {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly logoUrl: string | null;
  readonly documentationUrl: string | null;
  readonly description: string | null;
  readonly codeExample: string | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** Which fields one version of a type has. It never changes: its checksum says what it is. */
export interface BlockSchema {
  readonly id: string;
  readonly blockTypeId: string;
  readonly checksum: string;
  readonly version: string;
  readonly fields: JsonText;
  readonly capabilities: readonly string[];
  readonly createdAt: Instant;
}

/** A block as somebody filled it in. `data` may hold secrets: it is never logged. */
export interface BlockDocument {
  readonly id: string;
  readonly name: string;
  readonly blockTypeId: string;
  readonly blockSchemaId: string;
  readonly isAnonymous: boolean;
  readonly data: JsonText;
  /** Grows with every change. */
  readonly generation: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

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
