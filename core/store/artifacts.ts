import type { Artifact, ArtifactKey } from '../artifacts.ts';
import type { ListedRun, RunWindow } from './runs.ts';

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
