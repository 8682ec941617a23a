import type { Instant } from './instant.ts';
import type { JsonText } from './json-text.ts';

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
