import { isObject, type JsonObject, type Schema } from './json.ts';

/** A reference leads to no schema. */
export class Unresolvable extends Error {}

interface Found {
  readonly schema: Schema;
  /** The document that references within the schema start from. */
  readonly document: JsonObject;
}

/** A base for ids that are relative. No schema is ever fetched. */
const NOWHERE = 'schema:/';

/** What references of a schema lead to. Each is looked up once. */
export class References {
  readonly #root: Schema;
  readonly #isSchema: (value: unknown) => boolean;
  readonly #found = new Map<JsonObject, Map<string, Found>>();

  /** `isSchema` looks at what a reference leads to, which may be a place that holds no schemas. */
  constructor(root: Schema, isSchema: (value: unknown) => boolean) {
    this.#root = root;
    this.#isSchema = isSchema;
  }

  /** @throws Unresolvable */
  find(reference: string, document: JsonObject): Found {
    const known = this.#found.get(document) ?? new Map<string, Found>();
    this.#found.set(document, known);
    const found = known.get(reference) ?? this.#resolve(reference, document);
    known.set(reference, found);
    return found;
  }

  #resolve(reference: string, from: JsonObject): Found {
    const [address = '', fragment = ''] = reference.split(/#(.*)/s);
    const document = address === '' ? from : this.#withId(address, from);
    const schema = document && inDocument(document, decoded(fragment));
    if ((typeof schema !== 'boolean' && !isObject(schema)) || !this.#isSchema(schema)) {
      throw new Unresolvable(`Unresolvable: the reference '${reference}' leads to no schema`);
    }
    return { schema, document: document ?? from };
  }

  #withId(address: string, from: JsonObject): JsonObject | undefined {
    const wanted = absolute(address, absolute(String(from['$id'] ?? ''), NOWHERE));
    if (!isObject(this.#root)) return undefined;
    for (const one of withinOf(this.#root)) {
      const id = one['$id'];
      if (typeof id === 'string' && absolute(id, NOWHERE) === wanted) return one;
    }
    return undefined;
  }
}

function inDocument(document: JsonObject, fragment: string): unknown {
  if (fragment !== '' && !fragment.startsWith('/')) {
    for (const one of withinOf(document)) {
      if (one['$anchor'] === fragment || one['$dynamicAnchor'] === fragment) return one;
    }
    return undefined;
  }
  return fragment
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (at, step) =>
        typeof at === 'object' && at !== null && Object.hasOwn(at, step)
          ? (at as JsonObject)[step]
          : undefined,
      document,
    );
}

function* withinOf(value: unknown): Generator<JsonObject> {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const one = open.pop();
    if (isObject(one)) yield one;
    if (typeof one === 'object' && one !== null)
      for (const inside of Object.values(one)) open.push(inside);
  }
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

const absolute = (address: string, base: string): string =>
  (URL.canParse(address, base) ? new URL(address, base).href : address).replace(/#$/, '');
