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

/** What one call may still take of a limit, as it read it. */
interface View {
  readonly limited: boolean;
  readonly version: number;
  readonly strategy: CollisionStrategy;
  readonly free: number[];
}

/** `takes`: a slot of each limit that applies; none where none does. `full`: what stands in the way. */
export type Admitted =
  | { readonly takes: readonly SlotChoice[] }
  | { readonly full: Scope; readonly strategy: CollisionStrategy };

/**
 * The slots that one call hands out. It reads each scope once, consistently, so that a full limit
 * costs one read and no write; which slots is left to chance, so that calls at the same time seldom
 * choose the same. What it decides on may be old by the time it is written: see slots.ts.
 */
export class FreeSlots {
  readonly #context: Context;
  readonly #views = new Map<string, Promise<View>>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** How many may be admitted; undefined where there is no limit. */
  async room(scope: Scope): Promise<number | undefined> {
    const { limited, free } = await this.#view(scope);
    return limited ? free.length : undefined;
  }

  /** Whether what meets this limit when it is full is cancelled. */
  async cancelsNew(scope: Scope): Promise<boolean> {
    return (await this.#view(scope)).strategy === 'CANCEL_NEW';
  }

  /** Takes a slot of each of these scopes that has a limit, or none at all. */
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

  /** These slots were not used: the run went to somebody else. */
  async putBack(takes: readonly SlotChoice[]): Promise<void> {
    for (const { scope, k, version } of takes) {
      const view = await this.#view(scope);
      if (view.version === version) view.free.push(k);
    }
  }

  /** What was read of these scopes is old: the next look reads them again. */
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
    // It is not full, it is not open yet: nobody is to be cancelled for that.
    if (settlesAt !== null) return { limited: true, version, strategy: 'ENQUEUE', free: [] };
    const free = admissible(limit, new Set(held.map(({ k }) => k)));
    return { limited: true, version, strategy, free: shuffle(free, random) };
  }
}
