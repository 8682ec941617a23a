import { isType, type JsonObject } from './json.ts';

/** One way in which a value does not fit its schema. */
export interface Fault {
  /** The sentence. It is made for the one fault that is shown. */
  readonly say: () => string;
  keyword?: string;
  /** Where in the value, from the place that `parent` is about. */
  readonly path: Array<string | number>;
  instance?: unknown;
  schema?: JsonObject | boolean;
  /** Of anyOf and oneOf: what each alternative finds wrong. */
  readonly alternatives: readonly Fault[];
  parent?: Fault;
}

export function fault(say: () => string, alternatives: readonly Fault[] = []): Fault {
  const made: Fault = { say, path: [], alternatives };
  for (const one of alternatives) one.parent = made;
  return made;
}

const WEAK = new Set(['anyOf', 'oneOf']);

/**
 * The fault that explains the most, chosen as jsonschema's best_match does: the one highest up in
 * the value; of alternatives, the deepest, unless two are equally deep.
 */
export function bestOf(faults: Iterable<Fault>): Fault | undefined {
  let best: Fault | undefined;
  for (const one of faults) if (!best || compare(one, best) > 0) best = one;
  while (best && best.alternatives.length > 0) {
    const [least, second] = twoLeast(best.alternatives);
    if (!least || (second && compare(least, second) === 0)) return best;
    best = least;
  }
  return best;
}

function twoLeast(faults: readonly Fault[]): readonly Fault[] {
  const two: Fault[] = [];
  for (const one of faults) {
    const place = two.findIndex((other) => compare(one, other) < 0);
    two.splice(place === -1 ? two.length : place, 0, one);
    two.length = Math.min(two.length, 2);
  }
  return two;
}

function compare(a: Fault, b: Fault): number {
  return (
    b.path.length - a.path.length ||
    comparePaths(a.path, b.path) ||
    rank(!isWeak(a)) - rank(!isWeak(b)) ||
    rank(!fitsType(a)) - rank(!fitsType(b))
  );
}

function comparePaths(a: Fault['path'], b: Fault['path']): number {
  for (const [index, one] of a.entries()) {
    const other = b[index];
    if (other === undefined || one === other) continue;
    return one < other ? -1 : 1;
  }
  return 0;
}

const rank = (yes: boolean): number => (yes ? 1 : 0);
const isWeak = ({ keyword }: Fault): boolean => WEAK.has(keyword ?? '');

function fitsType({ schema, instance }: Fault): boolean {
  if (typeof schema !== 'object' || schema['type'] === undefined) return false;
  return [schema['type']].flat().some((type) => isType(instance, type));
}

/** Where the fault is, as Prefect names it: `a.b[0]`; `$`, if it is about the whole value. */
export function placeOf(fault: Fault): string {
  const path: Array<string | number> = [];
  for (let one: Fault | undefined = fault; one; one = one.parent) path.unshift(...one.path);
  const steps = path.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    if (/^[A-Za-z][A-Za-z0-9_]*$/.test(step)) return `.${step}`;
    return `['${step.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}']`;
  });
  return `$${steps.join('')}`.replaceAll('$.', '');
}
