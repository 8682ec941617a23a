import { NUMBERS } from '../../../model/values/numbers.ts';
import { invalidPattern, PatternMemory } from '../patterns/pattern.ts';
import { InvalidPattern, UnboundedPattern } from '../patterns/pattern-fault.ts';
import { APPLICATORS } from './applicators.ts';
import { ASSERTIONS } from './assertions.ts';
import { bestOf, type Fault, fault, placeOf } from './fault.ts';
import { isObject, type Schema } from './json.ts';
import { META_SCHEMA } from './meta-schema.ts';
import { pythonText } from './python-text.ts';
import { Unresolvable } from './references.ts';
import { Steps, TooManySteps } from './steps.ts';
import { UNEVALUATED } from './unevaluated.ts';
import { CircularSchema, type KeywordOf, type Place, Validation } from './validation.ts';

const KEYWORDS: ReadonlyMap<string, KeywordOf> = new Map(
  Object.entries({ ...ASSERTIONS, ...APPLICATORS, ...UNEVALUATED }),
);

/** In schemas of schemas, a format is held to as well: a pattern has to be one. */
const META_KEYWORDS: ReadonlyMap<string, KeywordOf> = new Map([
  ...KEYWORDS,
  [
    'format',
    {
      about: 'string',
      *check({ of }: Place, wanted: string, instance: string): Generator<Fault> {
        of.steps.take(1 + instance.length / 10);
        if (wanted !== 'regex' || invalidPattern(instance) === undefined) return;
        yield fault(() => `${pythonText(instance)} is not a 'regex'`);
      },
    },
  ],
]);

/** What is wrong with a value, or with its schema. */
export interface Refusal {
  /** `value`: it does not fit. `schema`: no value can be checked against such a schema. */
  readonly of: 'value' | 'schema';
  readonly why: string;
}

/** Checks a value against a schema that is known to be one. */
export type Check = (value: unknown, schema: Schema) => Refusal | undefined;

/**
 * Checks that `schema` is a JSON schema, and then what `then` checks against it or against parts and
 * changed copies of it: all of it together within one budget of steps.
 */
export function checked(
  schema: unknown,
  then: (check: Check) => Refusal | undefined,
): Refusal | undefined {
  return bounded(
    (steps) =>
      metaFault(schema, steps) ??
      then((value, against) => {
        const isSchema = (one: unknown) => metaFault(one, steps) === undefined;
        const validation = new Validation(against, KEYWORDS, steps, isSchema);
        const best = bestOf(validation.faults(value, against));
        return best && { of: 'value', why: inWords(best) };
      }),
  );
}

/** Why a value does not fit its schema, in Prefect's words; undefined, if it does. */
export const refusal = (schema: Schema, value: unknown): Refusal | undefined =>
  checked(schema, (check) => check(value, schema));

/** Why this is no JSON schema; undefined, if it is one. */
export const schemaRefusal = (schema: unknown): Refusal | undefined =>
  checked(schema, () => undefined);

/** Why the patterns of a schema cannot be matched; undefined, if they can. */
export function patternsRefusal(schema: unknown): Refusal | undefined {
  return bounded((steps) => {
    const memory = new PatternMemory(steps);
    for (const pattern of patternsIn(schema, steps)) {
      if (invalidPattern(pattern) === undefined) memory.compile(pattern);
    }
    return undefined;
  });
}

function inWords(wrong: Fault): string {
  const place = placeOf(wrong);
  const where = place === '$' ? '' : ` for field ${pythonText(place)}`;
  return `Validation failed${where}. Failure reason: ${wrong.say()}`;
}

function metaFault(schema: unknown, steps: Steps): Refusal | undefined {
  for (const first of new Validation(META_SCHEMA, META_KEYWORDS, steps).faults(
    schema,
    META_SCHEMA,
  )) {
    return {
      of: 'schema',
      why: `The provided schema is not a valid json schema. Schema error: ${first.say()}`,
    };
  }
  return undefined;
}

/** The patterns of a schema at any depth, also where no reference leads. */
function* patternsIn(schema: unknown, steps: Steps): Generator<string> {
  const open: unknown[] = [schema];
  while (open.length > 0) {
    const one = open.pop();
    steps.take(1);
    if (typeof one !== 'object' || one === null) continue;
    if (isObject(one)) {
      if (typeof one['pattern'] === 'string') yield one['pattern'];
      if (isObject(one['patternProperties'])) yield* Object.keys(one['patternProperties']);
    }
    for (const [key, inside] of Object.entries(one)) if (!VALUES.has(key)) open.push(inside);
  }
}

/** Keywords whose values are no schemas, whatever they look like. */
const VALUES = new Set(['default', 'const', 'enum', 'examples']);

/** Ends a check that takes too long, and says why a schema cannot be used. */
function bounded(check: (steps: Steps) => Refusal | undefined): Refusal | undefined {
  try {
    return check(new Steps(NUMBERS.checkSteps));
  } catch (error) {
    const why = reasonOf(error);
    if (why === undefined) throw error;
    return { of: error instanceof Unresolvable ? 'value' : 'schema', why };
  }
}

function reasonOf(error: unknown): string | undefined {
  if (error instanceof TooManySteps) {
    return `Checking this value against this schema would take too long: more than ${NUMBERS.checkSteps} steps. Schemas that branch (anyOf, oneOf), large patterns and long lists take most steps.`;
  }
  if (error instanceof CircularSchema) {
    return 'Invalid schema: Unable to validate schema with circular references.';
  }
  if (error instanceof Unresolvable) {
    return `Validation failed. Failure reason: ${error.message}`;
  }
  if (error instanceof UnboundedPattern) {
    return `A pattern of the schema cannot be matched in linear time: ${error.message}. Write it without, or set enforce_parameter_schema to false.`;
  }
  if (error instanceof InvalidPattern) {
    return `A pattern of the schema is none of Python's: ${error.message}.`;
  }
  return undefined;
}
