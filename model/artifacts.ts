import type { ListedRun, RunWindow } from './runs/run-store.ts';
import type { Instant } from './values/instant.ts';
import type { JsonText } from './values/json-text.ts';

/**
 * A result that a run leaves for people to look at: a table, a text, a link. It outlives its run.
 */
export interface Artifact {
  readonly id: string;
  /** Artifacts with the same key are versions of one thing: see ArtifactKey. */
  readonly key: string | null;
  readonly type: string | null;
  readonly description: string | null;
  readonly data: JsonText | null;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly flowRunId: string | null;
  readonly taskRunId: string | null;
  /** Grows by one with every change. */
  readonly generation: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/**
 * All artifacts with one key: Prefect's artifact collection. The latest is the last one created.
 */
export interface ArtifactKey {
  readonly id: string;
  readonly key: string;
  readonly latestId: string;
  readonly createdAt: Instant;
}

/** The latest artifact of a key. */
export interface LatestArtifact {
  readonly key: ArtifactKey;
  readonly artifact: Artifact;
}

/** Artifacts, and which one is the latest of its key. */
export interface ArtifactStore {
  /** Makes it the latest of its key, unless the key has an artifact that was created later. */
  createArtifact(artifact: Artifact, newKeyId: string): Promise<void>;
  /** A consistent read, in no order; missing artifacts are left out. */
  readArtifacts(ids: readonly string[]): Promise<Artifact[]>;
  /** 'outrun': the stored artifact is gone, or not of the generation just before this one. */
  updateArtifact(artifact: Artifact): Promise<'updated' | 'outrun'>;
  /**
   * If it was the latest, the one created before it becomes the latest. The last takes its key
   * along.
   */
  deleteArtifact(artifact: Artifact): Promise<'deleted' | 'missing'>;
  readArtifactKey(key: string): Promise<ArtifactKey | undefined>;
  listArtifactKeys(): Promise<ArtifactKey[]>;
  /** The ids of all artifacts of a key. */
  listArtifactVersions(key: string): Promise<string[]>;
  /** Latest first: the artifacts of these flow runs, or all artifacts. An index read. */
  listArtifacts(window: ArtifactWindow): Promise<{ entries: ListedRun[]; next?: string }>;
}

export interface ArtifactWindow extends Pick<RunWindow, 'after' | 'limit'> {
  readonly flowRunIds?: readonly string[];
}
