import type { Instant } from './values/instant.ts';
import type { JsonText } from './values/json-text.ts';

/** A kind of block: Prefect's Process, LocalFileSystem and so on. */
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

/**
 * The fields of one version of a block type. A schema never changes: its checksum identifies it.
 */
export interface BlockSchema {
  readonly id: string;
  readonly blockTypeId: string;
  readonly checksum: string;
  readonly version: string;
  readonly fields: JsonText;
  readonly capabilities: readonly string[];
  readonly createdAt: Instant;
}

/** A block that a user has filled in. `data` may hold secrets, so it is never logged. */
export interface BlockDocument {
  readonly id: string;
  readonly name: string;
  readonly blockTypeId: string;
  readonly blockSchemaId: string;
  readonly isAnonymous: boolean;
  readonly data: JsonText;
  /** Grows by one with every change. */
  readonly generation: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** A document in the list of its type. */
export type NamedBlock = Pick<BlockDocument, 'id' | 'isAnonymous'>;

/** Block types, their schemas, and documents. */
export interface BlockStore {
  /** One per id. */
  createBlockType(type: BlockType): Promise<'created' | 'exists'>;
  readBlockType(id: string): Promise<BlockType | undefined>;
  updateBlockType(type: BlockType): Promise<'updated' | 'missing'>;
  deleteBlockType(id: string): Promise<'deleted' | 'missing'>;
  listBlockTypes(): Promise<BlockType[]>;

  /** The store computes the checksum from `canonical`. One schema per checksum and version. */
  createBlockSchema(
    schema: Omit<BlockSchema, 'checksum'>,
    canonical: string,
  ): Promise<{ schema: BlockSchema; created: boolean }>;
  readBlockSchema(id: string): Promise<BlockSchema | undefined>;
  /** Every version with this checksum; without a checksum, all schemas. */
  listBlockSchemas(checksum?: string): Promise<BlockSchema[]>;
  deleteBlockSchema(schema: BlockSchema): Promise<'deleted' | 'missing'>;

  /** Also claims the document's name within its type. */
  createBlockDocument(document: BlockDocument): Promise<'created' | 'exists'>;
  readBlockDocument(id: string): Promise<BlockDocument | undefined>;
  findBlockDocument(blockTypeId: string, name: string): Promise<string | undefined>;
  /** A type's documents, by name. */
  listBlockDocuments(blockTypeId: string): Promise<NamedBlock[]>;
  /** 'outrun': the stored document is gone, or not of the generation just before this one. */
  updateBlockDocument(document: BlockDocument): Promise<'updated' | 'outrun'>;
  deleteBlockDocument(document: BlockDocument): Promise<'deleted' | 'missing'>;

  /** The id of the document that results are kept in by default; null: in none. */
  readResultStorage(): Promise<string | null>;
  writeResultStorage(id: string | null): Promise<void>;
}
