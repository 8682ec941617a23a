import type { Context } from './context.ts';
import { createRunOfDeployment } from './create-run.ts';
import { DibsError } from './errors.ts';
import { LIMITS } from './limits.ts';
import type { Deployment } from './records.ts';

type Wish = Parameters<typeof createRunOfDeployment>[2];

/** Many runs of one deployment, each by itself: one that is refused does not stop the others. */
export async function createRuns(
  context: Context,
  deployment: Deployment,
  wishes: readonly Wish[],
): Promise<Array<{ readonly runId: string } | { readonly error: string }>> {
  if (wishes.length > LIMITS.createdAtOnce) {
    throw new DibsError(
      'too_many_runs',
      `Cannot create more than ${LIMITS.createdAtOnce} flow runs at once.`,
    );
  }
  return Promise.all(wishes.map((wish) => createOne(context, deployment, wish)));
}

async function createOne(context: Context, deployment: Deployment, wish: Wish) {
  try {
    const { run } = await createRunOfDeployment(context, deployment, wish);
    return { runId: run.id };
  } catch (error) {
    if (error instanceof DibsError) return { error: error.message };
    throw error;
  }
}
