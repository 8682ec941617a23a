import type { Context } from '../context.ts';

/**
 * Checks, before a sweep, that this code is not older than the items in the table: code that was
 * rolled back must not sweep items that newer code has written.
 * @throws Error that names both versions and says what to do
 */
export async function assertSchema({ store }: Context): Promise<void> {
  const { ours, theirs } = await store.noteSchema();
  if (theirs <= ours) return;
  throw new Error(
    `The table has items of schema version ${theirs}; this code knows versions up to ${ours}. Deploy the ` +
      'newer version again: see docs/upgrades.md.',
  );
}
