import type { Context } from '../context.ts';

/**
 * Before a sweep: code that was rolled back must not sweep what newer code has written.
 * @throws Error that says which versions, and what to do
 */
export async function assertSchema({ store }: Context): Promise<void> {
  const { ours, theirs } = await store.noteSchema();
  if (theirs <= ours) return;
  throw new Error(
    `The table has items of schema version ${theirs}; this code knows versions up to ${ours}. Deploy the ` +
      'newer version again: see docs/upgrades.md.',
  );
}
