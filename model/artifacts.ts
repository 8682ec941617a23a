import type { ListedRun, RunWindow } from './runs/run-store.ts';
import type { Instant } from './values/instant.ts';
import type { JsonText } from './values/json-text.ts';

/** What a run leaves to be looked at: a table, a text, a link. It outlives its run. */
export interface Artifact {
  readonly id: string;
  /** Artifacts of one key are versions of one thing: see ArtifactKey. */
  readonly key: string | null;
  readonly type: string | null;
  readonly description: string | null;
  readonly data: JsonText | null;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly flowRunId: string | null;
  readonly taskRunId: string | null;
  /** Grows with every change. */
  readonly generation: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** What has one key: Prefect's artifact collection. Its latest is the one that was created last. */
export interface ArtifactKey {
  readonly id: string;
  readonly key: string;
  readonly latestId: string;
  readonly createdAt: Instant;
}

/** An artifact as the latest of its key. */
export interface LatestArtifact {
  readonly key: ArtifactKey;
  readonly artifact: Artifact;
}

/** Artifacts, and which is the latest of a key. */
export interface ArtifactStore {
  /** With its key: it is the latest then, unless one that is there was created later. */
  createArtifact(artifact: Artifact, newKeyId: string): Promise<void>;
  /** Consistent, in no order; missing ones are left out. */
  readArtifacts(ids: readonly string[]): Promise<Artifact[]>;
  /** 'outrun' where it is not of the generation just before this one, or gone. */
  updateArtifact(artifact: Artifact): Promise<'updated' | 'outrun'>;
  /** The one created before it is the latest then; with the last one its key goes. */
  deleteArtifact(artifact: Artifact): Promise<'deleted' | 'missing'>;
  readArtifactKey(key: string): Promise<ArtifactKey | undefined>;
  listArtifactKeys(): Promise<ArtifactKey[]>;
  /** The ids of all artifacts of a key. */
  listArtifactVersions(key: string): Promise<string[]>;
  /** Latest first: of these flow runs, or all. An index read. */
  listArtifacts(window: ArtifactWindow): Promise<{ entries: ListedRun[]; next?: string }>;
}

export interface ArtifactWindow extends Pick<RunWindow, 'after' | 'limit'> {
  readonly flowRunIds?: readonly string[];
}
