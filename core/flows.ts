import { v5 } from 'uuid';
import type { Context } from './context.ts';
import { flowMissing, flowNotFound } from './errors.ts';
import { EMPTY_OBJECT, type JsonText } from './json-text.ts';
import type { Flow } from './records.ts';

const FLOWS = '0d8b1d9c-30f4-5a39-9b23-0c6d0b1c6a57';

/** A flow's id follows from its name, so that creating one twice is creating it once. */
export const flowId = (name: string): string => v5(name.toWellFormed(), FLOWS);

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
 * The flow that something new is to be of.
 * @throws DibsError flow_missing
 */
export async function flowOf({ store }: Context, id: string): Promise<Flow> {
  const [flow] = await store.readFlows([id]);
  if (!flow) throw flowMissing();
  return flow;
}
