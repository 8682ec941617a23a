import { PatternMemory } from '../patterns/pattern.ts';
import { type Fault, fault } from './fault.ts';
import { isObject, type JsonObject, type Schema } from './json.ts';
import { pythonText } from './python-text.ts';
import { References } from './references.ts';
import type { Steps } from './steps.ts';

/**
 * Levels of schemas within schemas at which a check ends. Prefect's ends after some 450, where
 * Python's own bound on recursion stops it.
 */
const DEEPEST = 400;

/** The schema refers to itself without an end. */
export class CircularSchema extends Error {}

export type Keyword = (
  at: Place,
  wanted: never,
  instance: never,
  schema: JsonObject,
) => Iterable<Fault>;

/** What a keyword is about: any value, or values of one type only. */
export interface KeywordOf {
  readonly about?: 'object' | 'array' | 'string' | 'number';
  readonly check: Keyword;
}

/** Faults of keywords by name, and what they share during one check. */
export class Validation {
  readonly keywords: ReadonlyMap<string, KeywordOf>;
  readonly steps: Steps;
  readonly patterns: PatternMemory;
  readonly references: References;

  constructor(
    root: Schema,
    keywords: ReadonlyMap<string, KeywordOf>,
    steps: Steps,
    isSchema: (value: unknown) => boolean = () => true,
  ) {
    this.keywords = keywords;
    this.steps = steps;
    this.patterns = new PatternMemory(steps);
    this.references = new References(root, isSchema);
  }

  /** The faults of a value, found one after the other. */
  faults(instance: unknown, schema: Schema): Iterable<Fault> {
    return new Place(this, isObject(schema) ? schema : {}, 0).descend(instance, schema);
  }
}

/** Where a check is: the document that `#` means there, and how deep in schemas. */
export class Place {
  readonly of: Validation;
  readonly #document: JsonObject;
  readonly #depth: number;

  constructor(of: Validation, document: JsonObject, depth: number) {
    this.of = of;
    this.#document = document;
    this.#depth = depth;
  }

  /** The faults of a part of the value, which `path` leads to; without it, of the same value. */
  *descend(instance: unknown, schema: Schema, path?: string | number): Generator<Fault> {
    this.of.steps.take(1);
    if (schema === true) return;
    for (const one of schema === false ? [forbidden(instance)] : this.#within(instance, schema)) {
      if (path !== undefined) one.path.unshift(path);
      yield one;
    }
  }

  *#within(instance: unknown, schema: JsonObject): Generator<Fault> {
    if (this.#depth > DEEPEST) throw new CircularSchema();
    const document = typeof schema['$id'] === 'string' ? schema : this.#document;
    const inside = new Place(this.of, document, this.#depth + 1);
    const kind = kindOf(instance);
    for (const [name, wanted] of Object.entries(schema)) {
      const keyword = this.of.keywords.get(name);
      if (!keyword || (keyword.about && keyword.about !== kind)) continue;
      this.of.steps.take(1);
      const found = keyword.check(inside, wanted as never, instance as never, schema);
      for (const one of found) {
        one.keyword ??= name;
        if (one.schema === undefined) Object.assign(one, { instance, schema });
        yield one;
      }
    }
  }

  fits(instance: unknown, schema: Schema): boolean {
    for (const _ of this.descend(instance, schema)) return false;
    return true;
  }

  /** The faults under the schema that a reference names. */
  *refer(reference: string, instance: unknown): Generator<Fault> {
    const { schema, document } = this.of.references.find(reference, this.#document);
    yield* new Place(this.of, document, this.#depth).descend(instance, schema);
  }

  /** The schema that a reference names, and the place to check it at. */
  follow(reference: string): { at: Place; schema: Schema } {
    if (this.#depth > DEEPEST) throw new CircularSchema();
    const { schema, document } = this.of.references.find(reference, this.#document);
    return { at: new Place(this.of, document, this.#depth + 1), schema };
  }

  matches(pattern: string, text: string): boolean {
    return this.of.patterns.matches(pattern, text);
  }
}

function kindOf(instance: unknown): KeywordOf['about'] | undefined {
  if (Array.isArray(instance)) return 'array';
  if (isObject(instance)) return 'object';
  const type = typeof instance;
  return type === 'string' || type === 'number' ? type : undefined;
}

const forbidden = (instance: unknown): Fault =>
  Object.assign(
    fault(() => `False schema does not allow ${pythonText(instance)}`),
    { instance, schema: false },
  );
