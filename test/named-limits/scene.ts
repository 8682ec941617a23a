import { randomUUID } from 'node:crypto';
import type { Context } from '../../core/context.ts';
import {
  createNamedLimit,
  deleteNamedLimit,
  updateNamedLimit,
} from '../../core/named-limits/change-named-limits.ts';
import {
  expireLeases,
  giveLeaseBack,
  giveSlotsBack,
  renewLease,
} from '../../core/named-limits/give-slots-back.ts';
import {
  giveTagSlotsBack,
  resetTagLimit,
  takeTagSlots,
} from '../../core/named-limits/tag-limits.ts';
import { isLeaseOfNothing, takeSlots } from '../../core/named-limits/take-slots.ts';
import { DibsError, type ErrorCode } from '../../model/values/errors.ts';
import { MINUTE } from '../../model/values/instant.ts';

/** One limit of 60 for a tag, with a lease, a slot of a task run, and four slots without a lease. */
interface Scene {
  readonly tag: string;
  readonly lease: string;
  readonly taskRun: string;
  /** The limits that had the name, by their ids: how many of their slots are held without a lease. */
  readonly loose: Map<string, number>;
  /** Every lease that anybody was given. */
  readonly leases: Set<string>;
  /** What was answered about `lease`. */
  readonly answers: Set<'given back' | 'renewed' | 'lost'>;
}

const LASTS = 5 * MINUTE;
const nameOf = ({ tag }: Pick<Scene, 'tag'>): string => `tag:${tag}`;

export async function beginScene(context: Context): Promise<Scene> {
  const tag = randomUUID();
  const { id } = await createNamedLimit(context, { name: `tag:${tag}`, limit: 60 });
  const holder = { type: 'flow_run', id: randomUUID() } as const;
  const call = { names: [`tag:${tag}`], slots: 2, rateLimit: false };
  const { leaseId } = await takeSlots(context, { ...call, lease: { lasts: LASTS, holder } });
  const taskRun = randomUUID();
  await takeTagSlots(context, [tag], taskRun);
  await takeSlots(context, { ...call, slots: 4 });
  const loose = new Map([[id, 4]]);
  return { tag, lease: leaseId, taskRun, loose, leases: new Set([leaseId]), answers: new Set() };
}

type Verb = (scene: Scene, context: Context) => Promise<void>;

const loosen = ({ loose }: Scene, limits: readonly { id: string }[], by: number): void => {
  // Who gives back to a limit what it never took of it lowers nothing.
  for (const { id } of limits) loose.set(id, Math.max(0, (loose.get(id) ?? 0) + by));
};

const change = async (scene: Scene, context: Context, wish: object): Promise<void> => {
  const id = [...scene.loose.keys()][0] ?? '';
  await unless('concurrency_limit_not_found', () => updateNamedLimit(context, { id }, wish));
};

export const VERBS = {
  'take slots under a lease': async (scene, context) => {
    const call = { names: [nameOf(scene)], slots: 3, rateLimit: false };
    const taken = await takeSlots(context, { ...call, lease: { lasts: LASTS, holder: null } });
    if (!isLeaseOfNothing(taken.leaseId)) scene.leases.add(taken.leaseId);
  },
  'take a slot without a lease': async (scene, context) => {
    const call = { names: [nameOf(scene)], slots: 1, rateLimit: false };
    loosen(scene, (await takeSlots(context, call)).limits, 1);
  },
  'give a slot back without a lease': async (scene, context) => {
    loosen(scene, await giveSlotsBack(context, [nameOf(scene)], 1, undefined), -1);
  },
  'give the lease back': async (scene, context) => {
    await giveLeaseBack(context, scene.lease);
    scene.answers.add('given back');
  },
  'renew the lease': async (scene, context) => {
    const lost = await unless('lease_lost', () => renewLease(context, scene.lease, 2 * LASTS));
    scene.answers.add(lost ? 'lost' : 'renewed');
  },
  'sweep the lease, which has expired': async (scene, context) => {
    const store = { ...context.store, listLapsedLeases: async () => [scene.lease] };
    await expireLeases({ ...context, store, now: () => context.now() + LASTS + MINUTE });
  },
  'deactivate the limit': (scene, context) => change(scene, context, { active: false }),
  'raise and activate the limit': (scene, context) =>
    change(scene, context, { limit: 70, active: true }),
  'rename the limit': (scene, context) => change(scene, context, { name: `${nameOf(scene)}-new` }),
  'take a slot of the tag': (scene, context) =>
    takeTagSlots(context, [scene.tag], `${scene.tag.slice(0, -1)}0`).then(() => undefined),
  'give the slot of a task run back': (scene, context) =>
    giveTagSlotsBack(context, [scene.tag], scene.taskRun).then(() => undefined),
  'reset the tag': async (scene, context) => {
    const reset = () => resetTagLimit(context, scene.tag, [scene.taskRun]);
    const lost = await unless('concurrency_limit_not_found', reset);
    if (!lost) scene.answers.add('given back');
  },
  'delete the limit and make it anew': async (scene, context) => {
    const name = nameOf(scene);
    await unless('concurrency_limit_not_found', () => deleteNamedLimit(context, { name }));
    await unless('concurrency_limit_exists', async () => {
      scene.loose.set((await createNamedLimit(context, { name, limit: 60 })).id, 0);
    });
  },
} satisfies Record<string, Verb>;

/** Whether it was refused with this code. */
async function unless(code: ErrorCode, act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return false;
  } catch (error) {
    if (error instanceof DibsError && error.code === code) return true;
    throw error;
  }
}

/** What does not hold of what must hold: see model/named-limits.ts. */
export async function deviations(scene: Scene, { store }: Context): Promise<string[]> {
  const wrong: string[] = [];
  for (const [id, loose] of scene.loose) {
    const name = await store.readNamedLimitName(id);
    const [limit] = name === undefined ? [] : await store.readNamedLimits([name]);
    if (!limit) continue;
    const ids = new Set([...scene.leases, ...(await store.listLeaseIds(id))]);
    const leases = await Promise.all([...ids].map((one) => store.readSlotLease(one)));
    const held = leases
      .flatMap((lease) => (lease?.limits.some((one) => one.id === id) ? lease.slots : 0))
      .reduce((sum, slots) => sum + slots, loose);
    const counted = limit.activeSlots + limit.uncountedSlots;
    if (counted !== held) wrong.push(`${counted} slots are counted, ${held} are held`);
  }
  const lease = await store.readSlotLease(scene.lease);
  const { answers } = scene;
  if (answers.has('given back') && lease) wrong.push('the lease was given back, and is there');
  if (answers.has('renewed') && !answers.has('given back') && !lease) {
    wrong.push('the lease was renewed, and is gone');
  }
  return wrong;
}
