import {
  admissible,
  type CollisionStrategy,
  type Scope,
  type SlotChoice,
  scopeKey,
} from '../../model/limits.ts';
import { shuffle } from '../batches.ts';
import type { Context } from '../context.ts';
import { settle } from './settle.ts';

/** The slots of one limit that a call may still take, as the call read them. */
interface View {
  readonly limited: boolean;
  readonly version: number;
  readonly strategy: CollisionStrategy;
  readonly free: number[];
}

/**
 * `takes`: one slot of each limit that applies; empty if no limit does. `full`: the scope whose
 * limit has no free slot.
 */
export type Admitted =
  | { readonly takes: readonly SlotChoice[] }
  | { readonly full: Scope; readonly strategy: CollisionStrategy };

/**
 * The free slots that one call may take. It reads each scope once, consistently, so that a full
 * limit costs one read and no write. It picks slots at random, so that concurrent calls seldom pick
 * the same ones. What it has read may be outdated when the claim is written; model/limits.ts
 * explains why no claim can exceed a limit even so.
 */
export class FreeSlots {
  readonly #context: Context;
  readonly #views = new Map<string, Promise<View>>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** How many slots are free; `undefined` if there is no limit. */
  async room(scope: Scope): Promise<number | undefined> {
    const { limited, free } = await this.#view(scope);
    return limited ? free.length : undefined;
  }

  /** Whether a run that meets this limit when it is full is cancelled. */
  async cancelsNew(scope: Scope): Promise<boolean> {
    return (await this.#view(scope)).strategy === 'CANCEL_NEW';
  }

  /** Takes one slot of each of these scopes that has a limit, or takes no slot at all. */
  async take(scopes: readonly Scope[]): Promise<Admitted> {
    const views = await Promise.all(
      scopes.map(async (scope) => ({ scope, view: await this.#view(scope) })),
    );
    const limits = views.filter(({ view }) => view.limited);
    const full = limits.find(({ view }) => view.free.length === 0);
    if (full) return { full: full.scope, strategy: full.view.strategy };
    const takes = limits.map(({ scope, view }) => ({
      scope,
      k: view.free.pop() ?? 0,
      version: view.version,
    }));
    return { takes };
  }

  /** Makes slots available again that were not used, because another session won the run. */
  async putBack(takes: readonly SlotChoice[]): Promise<void> {
    for (const { scope, k, version } of takes) {
      const view = await this.#view(scope);
      if (view.version === version) view.free.push(k);
    }
  }

  /** Drops what was read of these scopes, because it is outdated; the next use reads them again. */
  forget(takes: readonly SlotChoice[]): void {
    for (const { scope } of takes) this.#views.delete(scopeKey(scope));
  }

  #view(scope: Scope): Promise<View> {
    const key = scopeKey(scope);
    const known = this.#views.get(key) ?? this.#read(scope);
    this.#views.set(key, known);
    return known;
  }

  async #read(scope: Scope): Promise<View> {
    const { store, random } = this.#context;
    let { limit: record, held } = await store.readSlots(scope);
    if (record.settlesAt !== null) {
      await settle(this.#context, record);
      ({ limit: record, held } = await store.readSlots(scope));
    }
    const { limit, version, settlesAt, strategy } = record;
    if (limit === null) return { limited: false, version, strategy, free: [] };
    // The limit is not full but still settling. No run may be cancelled for that, so ENQUEUE.
    if (settlesAt !== null) return { limited: true, version, strategy: 'ENQUEUE', free: [] };
    const free = admissible(limit, new Set(held.map(({ k }) => k)));
    return { limited: true, version, strategy, free: shuffle(free, random) };
  }
}
