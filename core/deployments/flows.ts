import { type Flow, flowId } from '../../model/deployments.ts';
import { flowMissing, flowNotFound } from '../../model/values/errors.ts';
import { EMPTY_OBJECT, type JsonText } from '../../model/values/json-text.ts';
import type { Context } from '../context.ts';

export function createFlow(
  { store, now }: Context,
  wish: { name: string; tags?: readonly string[]; labels?: JsonText | null },
): Promise<{ flow: Flow; created: boolean }> {
  const at = now();
  return store.createFlow({
    id: flowId(wish.name),
    name: wish.name,
    tags: wish.tags ?? [],
    labels: wish.labels ?? EMPTY_OBJECT,
    createdAt: at,
    updatedAt: at,
  });
}

/** @throws DibsError flow_not_found */
export async function updateFlow(
  context: Context,
  id: string,
  { tags }: Partial<Pick<Flow, 'tags'>>,
): Promise<void> {
  const flow = await readFlow(context, id);
  const change = { tags: tags ?? flow.tags, updatedAt: context.now() };
  if ((await context.store.updateFlow(id, change)) === 'missing') throw flowNotFound();
}

/** @throws DibsError flow_not_found */
export async function readFlow({ store }: Context, id: string): Promise<Flow> {
  const [flow] = await store.readFlows([id]);
  if (!flow) throw flowNotFound();
  return flow;
}

/**
 * Reads the flow of a new deployment or run.
 * @throws DibsError flow_missing
 */
export async function flowOf({ store }: Context, id: string): Promise<Flow> {
  const [flow] = await store.readFlows([id]);
  if (!flow) throw flowMissing();
  return flow;
}
