import type { Artifact, LatestArtifact } from '../../model/artifacts.ts';
import { DibsError } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { bytesOf } from '../sizes.ts';

type ArtifactWish = Omit<Artifact, 'id' | 'generation' | 'createdAt' | 'updatedAt'>;
export type ArtifactChange = Partial<Pick<Artifact, 'data' | 'description' | 'metadata'>>;

/** @throws DibsError payload_too_large */
export async function createArtifact(
  { store, newId, now }: Context,
  wish: ArtifactWish,
): Promise<Artifact> {
  const at = now();
  const artifact = fitting({ ...wish, id: newId(), generation: 1, createdAt: at, updatedAt: at });
  await store.createArtifact(artifact, newId());
  return artifact;
}

/** @throws DibsError artifact_not_found */
export async function readArtifact({ store }: Context, id: string): Promise<Artifact> {
  const [artifact] = await store.readArtifacts([id]);
  if (!artifact) throw notFound();
  return artifact;
}

/** @throws DibsError artifact_not_found */
export async function readLatestArtifact(context: Context, key: string): Promise<LatestArtifact> {
  const found = await context.store.readArtifactKey(key);
  if (!found) throw notFound();
  return { key: found, artifact: await readArtifact(context, found.latestId) };
}

/**
 * Changes an artifact. Concurrent changes are applied one after the other.
 * @throws DibsError artifact_not_found, payload_too_large, too_busy
 */
export async function updateArtifact(
  context: Context,
  id: string,
  change: ArtifactChange,
): Promise<void> {
  const { store, now } = context;
  for (let tries = 0; tries < NUMBERS.decisions; tries++) {
    const before = await readArtifact(context, id);
    const generation = before.generation + 1;
    const after = fitting({ ...before, ...change, generation, updatedAt: now() });
    if ((await store.updateArtifact(after)) === 'updated') return;
  }
  throw new DibsError('too_busy', 'This artifact kept changing while it was being changed.');
}

/**
 * Deletes an artifact. The previous artifact with its key becomes the latest again.
 * @throws DibsError artifact_not_found
 */
export async function deleteArtifact(context: Context, id: string): Promise<void> {
  const artifact = await readArtifact(context, id);
  if ((await context.store.deleteArtifact(artifact)) === 'missing') throw notFound();
}

function fitting(artifact: Artifact): Artifact {
  const bytes = bytesOf(artifact);
  if (bytes <= NUMBERS.recordBytes) return artifact;
  throw new DibsError(
    'payload_too_large',
    `An artifact may have at most ${NUMBERS.recordBytes} bytes in total; this one has ${bytes}.`,
    { hint: 'Keep large data in a store of your own, and link to it.' },
  );
}

const notFound = () => new DibsError('artifact_not_found', 'Artifact not found.');
